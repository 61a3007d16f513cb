{%- set figures = [
    'registered', 'registered_new', 'born', 'moved_in', 'other_in',
    'moved_out', 'emigrated', 'died', 'other_out', 'boundary_change'
] -%}

-- What stands is what registrations_by_municipality_day says; each figure's stretches touch, from the first on.
with now_by_municipality as (
    select
        registrations.definition,
        registrations.municipality_code,
        registrations.reference_date,
        told.figure,
        told.value
    from {{ ref('registrations_by_municipality_day') }} as registrations
    cross join
        lateral (
            values
            {% for figure in figures -%}
                ('{{ figure }}', registrations.{{ figure }}){{ '' if loop.last else ',' }}
            {% endfor %}
        ) as told (figure, value)
    where told.value <> 0
),

figures_now as (
    select * from now_by_municipality
    union all
    select
        definition,
        'NL' as municipality_code,
        reference_date,
        figure,
        sum(value) as value
    from now_by_municipality
    group by definition, reference_date, figure
),

known as (
    select
        *,
        lead(known_from, 1, 'infinity') over (
            partition by definition, figure, reference_date, municipality_code order by known_from
        ) as next_known_from
    from {{ ref('figures_as_known') }}
),

last_known as (
    select * from known
    where known_until = 'infinity' and value <> 0
),

-- The days of a municipality become known one after the other, without a gap.
days_known as (
    select
        municipality_code,
        min(after_date) as after_date,
        max(last_date) as last_date
    from {{ ref('int_days_known') }}
    group by municipality_code
),

stands as (
    select figures_now.*
    from figures_now
    inner join days_known as days
        on
            figures_now.municipality_code = days.municipality_code
            and figures_now.reference_date > days.after_date
            and figures_now.reference_date <= days.last_date
    where figures_now.value <> 0
),

final as (
    select
        reference_date,
        definition,
        municipality_code,
        figure,
        value
    from known
    where known_until <> next_known_from or restated_by <> value - first_value
    union all
    select
        reference_date,
        definition,
        municipality_code,
        figure,
        stands.value
    from stands
    full outer join last_known using (reference_date, definition, municipality_code, figure)
    where stands.value is distinct from last_known.value
)

select * from final
