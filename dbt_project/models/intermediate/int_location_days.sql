with reports as (
    select * from {{ ref('int_reception_by_region_day') }}
),

final as (
    select
        reports.reference_date,
        reports.safety_region_code,
        locations.location_id,
        -- The code means the municipality of the day.
        successors.municipality_code,
        case when locations.is_private_hosting then 'private_hosting' else coalesce(forms.form, 'unknown') end as form,
        locations.stay_class,
        locations.site_type,
        locations.places_operational,
        locations.places_in_use,
        locations.is_wheelchair_accessible,
        locations.has_room_for_pets,
        locations.has_room_for_infants,
        locations.is_private_hosting,
        locations.available_until_date,
        reports.report_date,
        reports.reported_at,
        reports.is_stale
    from reports
    inner join {{ ref('stg_reception__locations') }} as locations
        on
            reports.safety_region_code = locations.supplier
            and reports.reference_date >= locations.reference_from
            and reports.reference_date < locations.reference_to
    inner join {{ ref('int_municipality_successors') }} as successors
        on
            locations.municipality_code = successors.code
            and reports.reference_date >= successors.valid_from
            and reports.reference_date < successors.valid_until
    left join {{ ref('reception_forms') }} as forms on locations.stay_class = forms.stay_class
)

select * from final
