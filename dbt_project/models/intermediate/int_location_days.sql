with reports as (
    select * from {{ ref('int_reception_by_region_day') }}
),

final as (
    select
        reports.reference_date,
        reports.safety_region_code,
        locations.location_id,
        locations.bag_pseudonym,
        -- The code means the municipality of the day.
        successors.municipality_code,
        coalesce(forms.form, 'unknown') as form,
        locations.stay_class,
        locations.site_type,
        locations.places_inventoried,
        locations.places_in_preparation,
        locations.places_operational,
        locations.places_in_use,
        locations.is_wheelchair_accessible,
        locations.has_room_for_pets,
        locations.has_room_for_infants,
        locations.is_private_hosting,
        locations.held_up_by,
        locations.available_from_date,
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
    left join {{ ref('reception_forms') }} as forms on locations.form = forms.form
)

select * from final
