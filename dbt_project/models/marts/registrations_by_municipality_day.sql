with registrations as (
    select * from {{ ref('int_registrations_by_municipality_day') }}
),

final as (
    select
        registrations.reference_date,
        registrations.definition,
        registrations.municipality_code,
        municipalities.municipality_name,
        municipalities.safety_region_code,
        registrations.registered,
        registrations.registered_new,
        registrations.born,
        registrations.moved_in,
        registrations.other_in,
        registrations.moved_out,
        registrations.emigrated,
        registrations.died,
        registrations.other_out,
        registrations.boundary_change,
        case
            when registrations.reference_date >= municipalities.inhabitants_from_date
                then round(1000.0 * registrations.registered / nullif(municipalities.inhabitants, 0), 2)
        end::numeric(7, 2) as registered_per_1000_inhabitants,
        registrations.registered_held,
        municipalities.inhabitants,
        registrations.selection_date
    from registrations
    inner join {{ ref('int_municipalities') }} as municipalities using (municipality_code)
)

select * from final
