-- Two ways of counting the same persons: by municipality, and by combination of definitions or age band.
with registrations as (
    select
        reference_date,
        definition,
        sum(registered) as registered
    from {{ ref('registrations_by_municipality_day') }}
    group by reference_date, definition
),

compared as (
    select
        reference_date,
        definition,
        sum(registered) as registered
    from {{ ref('definitions_compared_by_day') }}
    cross join
        lateral (
            values
            ('came_from_ukraine', is_came_from_ukraine),
            ('ukrainian_nationality', is_ukrainian_nationality),
            ('residence_title', is_residence_title),
            ('union', true)
        ) as each_one (definition, is_met)
    where is_met
    group by reference_date, definition
),

by_age as (
    select
        reference_date,
        definition,
        sum(registered) as registered
    from {{ ref('registrations_by_age_sex_week') }}
    group by reference_date, definition
),

final as (
    select
        registrations.reference_date,
        registrations.definition
    from registrations
    left join compared using (reference_date, definition)
    left join by_age using (reference_date, definition)
    where registrations.registered <> compared.registered or registrations.registered <> by_age.registered
)

select * from final
