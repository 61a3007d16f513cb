-- The stock of a day is counted anew from the spells, so that the running total of the mart can be wrong.
with spells as (
    select
        definition,
        municipality_code,
        daterange(from_date, to_date) as days
    from {{ ref('int_registration_spells') }}
),

some_days as (
    select distinct reference_date
    from {{ ref('registrations_by_municipality_day') }}
    where reference_date >= (select max(reference_date) - 70 from {{ ref('registrations_by_municipality_day') }})
    and extract(isodow from reference_date) = 4
),

recounted as (
    select
        some_days.reference_date,
        spells.definition,
        spells.municipality_code,
        count(*) as registered
    from some_days
    inner join spells on spells.days @> some_days.reference_date
    group by some_days.reference_date, spells.definition, spells.municipality_code
),

registrations as (
    select
        *,
        lag(registered, 1, 0) over (partition by definition, municipality_code order by reference_date) as registered_yesterday
    from {{ ref('registrations_by_municipality_day') }}
),

final as (
    select registrations.*
    from registrations
    left join some_days using (reference_date)
    left join recounted using (reference_date, definition, municipality_code)
    where
        registrations.registered <> registrations.registered_yesterday
        + registrations.registered_new + registrations.born + registrations.moved_in + registrations.other_in
        - registrations.moved_out - registrations.emigrated - registrations.died - registrations.other_out
        + registrations.boundary_change
        or (some_days.reference_date is not null and registrations.registered <> coalesce(recounted.registered, 0))
)

select * from final
