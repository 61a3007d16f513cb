-- Whoever is counted on a month's reference date is in one living situation, and once.
with entitled as (
    select
        reference_date,
        municipality_code,
        sum(persons) as persons
    from {{ ref('entitlements_by_municipality_month') }}
    group by reference_date, municipality_code
),

final as (
    select
        registrations.reference_date,
        registrations.municipality_code
    from {{ ref('registrations_by_municipality_day') }} as registrations
    left join entitled using (reference_date, municipality_code)
    where
        registrations.definition = 'came_from_ukraine'
        and registrations.reference_date in (select entitled_days.reference_date from entitled as entitled_days)
        and registrations.registered <> coalesce(entitled.persons, 0)
)

select * from final
