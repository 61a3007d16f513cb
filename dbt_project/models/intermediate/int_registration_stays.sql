{{ config(
    materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key',
    indexes=[{'columns': ['record_key']}, {'columns': ['build_no']}],
    pre_hook=["{{ forget_what_is_made_anew('int_residence_spells') }}", "set local enable_nestloop = off"]
) }}

-- PostgreSQL expects a handful of rows where there are thousands, and would loop over them for minutes: hence the setting.

with residences as (
    select * from {{ ref('int_residence_spells') }}
    {{ where_not_taken_in() }}
),

-- The municipality is the one that the code means on the day, so a merger cuts a stretch in two.
in_municipality as (
    select
        residences.record_key,
        residences.known_from,
        successors.municipality_code,
        range_agg(
            daterange(residences.from_date, residences.to_date) * daterange(successors.valid_from, successors.valid_until)
        ) as days
    from residences
    inner join {{ ref('int_municipality_successors') }} as successors
        on
            residences.registered_in_code = successors.code
            and residences.from_date < successors.valid_until
            and residences.to_date > successors.valid_from
    group by residences.record_key, residences.known_from, successors.municipality_code
),

final as (
    select
        definition_days.definition,
        in_municipality.record_key,
        in_municipality.known_from,
        definition_days.known_until,
        definition_days.build_no,
        in_municipality.municipality_code,
        unnest(in_municipality.days * definition_days.days) as days
    from in_municipality
    inner join {{ ref('int_definition_days') }} as definition_days
        on
            in_municipality.record_key = definition_days.record_key
            and in_municipality.known_from = definition_days.known_from
            and in_municipality.days && definition_days.days
)

select * from final
