{{ config(materialized='table') }}

{%- set inflows = ['registered_new', 'born', 'moved_in', 'other_in', 'boundary_change'] -%}
{%- set outflows = ['moved_out', 'emigrated', 'died', 'other_out'] %}

with span as (
    select
        (select min(valid_from) from {{ ref('population_definitions') }}) as first_date,
        max(reference_date) as last_date
    from {{ ref('int_current_deliveries') }}
    where source in ('brp', 'reception')
),

selections as (
    select distinct on (municipalities.municipality_code)
        municipalities.municipality_code,
        deliveries.reference_date as selection_date
    from {{ ref('int_municipality_successors') }} as municipalities
    inner join {{ ref('int_current_deliveries') }} as deliveries
        on deliveries.source = 'brp' and deliveries.covers in ('all', municipalities.municipality_code)
    order by municipalities.municipality_code asc, deliveries.reference_date desc
),

-- A municipality that was merged stands there with nobody on the day of the merger, so that its last persons go somewhere.
municipality_days as (
    select
        definitions.definition,
        municipalities.municipality_code,
        selections.selection_date,
        series.day::date as reference_date
    from span
    cross join {{ ref('definition_labels') }} as definitions
    cross join {{ ref('int_municipalities') }} as municipalities
    inner join selections on municipalities.municipality_code = selections.municipality_code
    cross join
        lateral generate_series(
            greatest(span.first_date, municipalities.valid_from),
            least(span.last_date, municipalities.valid_until),
            interval '1 day'
        ) as series (day)
    where coalesce(municipalities.valid_until, 'infinity') > span.first_date
),

changes as (
    select
        spells.definition,
        spells.municipality_code,
        change.reference_date,
        change.flow,
        change.persons,
        change.held
    from {{ ref('int_registration_spells') }} as spells
    cross join
        lateral (
            values
            (spells.from_date, spells.came_by, 1, 0),
            (spells.to_date, spells.left_by, -1, 0),
            (spells.held_from, null, 0, 1),
            (case when spells.held_from is not null then spells.to_date end, null, 0, -1)
        ) as change (reference_date, flow, persons, held)
    where change.reference_date < 'infinity'
),

flows as (
    select
        definition,
        municipality_code,
        reference_date,
        {% for flow in inflows -%}
            sum(persons) filter (where flow = '{{ flow }}') as {{ flow }},
        {% endfor -%}
        {% for flow in outflows -%}
            -sum(persons) filter (where flow = '{{ flow }}') as {{ flow }},
        {% endfor -%}
        sum(persons) as persons,
        sum(held) as held
    from changes
    group by definition, municipality_code, reference_date
),

final as (
    select
        municipality_days.reference_date,
        municipality_days.definition,
        municipality_days.municipality_code,
        municipality_days.selection_date,
        coalesce(sum(flows.persons) over so_far, 0)::integer as registered,
        {% for flow in inflows + outflows -%}
            coalesce(flows.{{ flow }}, 0)::integer as {{ flow }},
        {% endfor -%}
        coalesce(sum(flows.held) over so_far, 0)::integer as registered_held
    from municipality_days
    left join flows using (definition, municipality_code, reference_date)
    window so_far as (
        partition by municipality_days.definition, municipality_days.municipality_code
        order by municipality_days.reference_date
    )
)

select * from final
