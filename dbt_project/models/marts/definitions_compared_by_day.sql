{%- set definitions = ['came_from_ukraine', 'ukrainian_nationality', 'residence_title'] -%}

with persons as (
    select
        record_key,
        {% for definition in definitions -%}
            coalesce((array_agg(days) filter (where definition = '{{ definition }}'))[1], '{}') as {{ definition }},
        {% endfor -%}
        count(*) as definitions_met
    from {{ ref('int_definition_days') }}
    where known_until = 'infinity'
    group by record_key
),

combinations as (
    select *
    from (values (true), (false)) as first_one (came_from_ukraine)
    cross join (values (true), (false)) as second_one (ukrainian_nationality)
    cross join (values (true), (false)) as third_one (residence_title)
    where came_from_ukraine or ukrainian_nationality or residence_title
),

-- The days on which a person meets just these definitions and none of the others.
stretches as (
    select
        {% for definition in definitions -%}
            combinations.{{ definition }},
        {% endfor -%}
        unnest(
            '{(,)}'::datemultirange
            {%- for definition in definitions %}
                * case
                    when combinations.{{ definition }} then persons.{{ definition }}
                    else '{(,)}'::datemultirange - persons.{{ definition }}
                end
            {%- endfor %}
        ) as days
    from persons
    cross join combinations
),

changes as (
    select
        {{ definitions | join(', ') }},
        lower(days) as reference_date,
        count(*) as persons
    from stretches
    group by {{ definitions | join(', ') }}, lower(days)
    union all
    select
        {{ definitions | join(', ') }},
        upper(days) as reference_date,
        -count(*) as persons
    from stretches
    where upper(days) < 'infinity'
    group by {{ definitions | join(', ') }}, upper(days)
),

net as (
    select
        {{ definitions | join(', ') }},
        reference_date,
        sum(persons) as persons
    from changes
    group by {{ definitions | join(', ') }}, reference_date
),

calendar as (
    select distinct reference_date
    from {{ ref('int_registrations_by_municipality_day') }}
),

final as (
    select
        calendar.reference_date,
        {% for definition in definitions -%}
            combinations.{{ definition }} as is_{{ definition }},
        {% endfor -%}
        coalesce(
            sum(net.persons) over (
                partition by combinations.{{ definitions | join(', combinations.') }}
                order by calendar.reference_date
            ), 0
        )::integer as registered
    from calendar
    cross join combinations
    left join net using (reference_date, {{ definitions | join(', ') }})
)

select * from final
