{{ config(materialized='table') }}

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
    cross join lateral generate_series(
        greatest(span.first_date, municipalities.valid_from),
        least(span.last_date, municipalities.valid_until),
        interval '1 day'
    ) as series (day)
    where coalesce(municipalities.valid_until, 'infinity') > span.first_date
),

events as (
    select
        definition,
        municipality_code,
        from_date as reference_date,
        came_by as flow,
        count(*) as persons
    from {{ ref('int_registration_spells') }}
    group by definition, municipality_code, from_date, came_by
    union all
    select
        definition,
        municipality_code,
        to_date as reference_date,
        left_by as flow,
        -count(*) as persons
    from {{ ref('int_registration_spells') }}
    where left_by is not null
    group by definition, municipality_code, to_date, left_by
),

held as (
    select
        definition,
        municipality_code,
        held_from as reference_date,
        count(*) as persons
    from {{ ref('int_registration_spells') }}
    where held_from is not null
    group by definition, municipality_code, held_from
    union all
    select
        definition,
        municipality_code,
        to_date as reference_date,
        -count(*) as persons
    from {{ ref('int_registration_spells') }}
    where held_from is not null and to_date < 'infinity'
    group by definition, municipality_code, to_date
),

flows as (
    select
        definition,
        municipality_code,
        reference_date,
        sum(persons) as net,
        {% for flow in ['registered_new', 'born', 'moved_in', 'other_in', 'boundary_change'] -%}
            sum(persons) filter (where flow = '{{ flow }}') as {{ flow }},
        {% endfor -%}
        {% for flow in ['moved_out', 'emigrated', 'died', 'other_out'] -%}
            -sum(persons) filter (where flow = '{{ flow }}') as {{ flow }}{{ '' if loop.last else ',' }}
        {% endfor %}
    from events
    group by definition, municipality_code, reference_date
),

held_flows as (
    select
        definition,
        municipality_code,
        reference_date,
        sum(persons) as net
    from held
    group by definition, municipality_code, reference_date
),

final as (
    select
        municipality_days.reference_date,
        municipality_days.definition,
        municipality_days.municipality_code,
        municipality_days.selection_date,
        coalesce(sum(flows.net) over so_far, 0)::integer as registered,
        coalesce(flows.registered_new, 0)::integer as registered_new,
        coalesce(flows.born, 0)::integer as born,
        coalesce(flows.moved_in, 0)::integer as moved_in,
        coalesce(flows.other_in, 0)::integer as other_in,
        coalesce(flows.moved_out, 0)::integer as moved_out,
        coalesce(flows.emigrated, 0)::integer as emigrated,
        coalesce(flows.died, 0)::integer as died,
        coalesce(flows.other_out, 0)::integer as other_out,
        coalesce(flows.boundary_change, 0)::integer as boundary_change,
        coalesce(sum(held_flows.net) over so_far, 0)::integer as registered_held
    from municipality_days
    left join flows using (definition, municipality_code, reference_date)
    left join held_flows using (definition, municipality_code, reference_date)
    window so_far as (
        partition by municipality_days.definition, municipality_days.municipality_code
        order by municipality_days.reference_date
    )
)

select * from final
