with last_day as (
    select *
    from {{ ref('int_location_days') }}
    where
        reference_date = (select max(latest.reference_date) from {{ ref('int_reception_by_region_day') }} as latest)
        and places_operational > 0
),

final as (
    select
        locations.safety_region_code,
        locations.location_id,
        regions.safety_region_name,
        locations.municipality_code,
        municipalities.municipality_name,
        locations.form,
        locations.stay_class,
        locations.site_type,
        greatest(locations.places_operational - locations.places_in_use, 0) as places_free,
        locations.places_operational as places_available,
        locations.places_in_use,
        locations.is_wheelchair_accessible,
        locations.has_room_for_pets,
        locations.has_room_for_infants,
        locations.available_until_date,
        locations.report_date,
        locations.reported_at,
        locations.reference_date - locations.report_date as report_age_days,
        locations.is_stale
    from last_day as locations
    inner join {{ ref('stg_reference__safety_regions') }} as regions using (safety_region_code)
    inner join {{ ref('int_municipalities') }} as municipalities using (municipality_code)
)

select * from final
