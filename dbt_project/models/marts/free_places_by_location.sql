with reports as (
    select *
    from {{ ref('int_reception_by_region_day') }}
    where reference_date = (select max(latest.reference_date) from {{ ref('int_reception_by_region_day') }} as latest)
),

locations as (
    select * from {{ ref('stg_reception__locations') }}
    where places_operational > 0
),

final as (
    select
        locations.supplier as safety_region_code,
        locations.location_id,
        regions.safety_region_name,
        municipalities.municipality_code,
        municipalities.municipality_name,
        locations.stay_class,
        locations.site_type,
        greatest(locations.places_operational - locations.places_in_use, 0) as places_free,
        locations.places_operational as places_available,
        locations.places_in_use,
        locations.is_wheelchair_accessible,
        locations.has_room_for_pets,
        locations.has_room_for_infants,
        locations.is_private_hosting,
        locations.available_until_date,
        reports.report_date,
        reports.reported_at,
        reports.reference_date - reports.report_date as report_age_days,
        reports.report_date < reports.reference_date as is_stale
    from locations
    inner join reports
        on
            locations.supplier = reports.safety_region_code
            and locations.reference_from <= reports.reference_date
            and locations.reference_to > reports.reference_date
    inner join {{ ref('stg_reference__safety_regions') }} as regions on locations.supplier = regions.safety_region_code
    inner join {{ ref('int_municipality_successors') }} as successors
        on
            locations.municipality_code = successors.code
            and reports.reference_date >= successors.valid_from
            and reports.reference_date < successors.valid_until
    inner join {{ ref('int_municipalities') }} as municipalities on successors.municipality_code = municipalities.municipality_code
)

select * from final
