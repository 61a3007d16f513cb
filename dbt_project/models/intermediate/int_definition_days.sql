{{ config(
    materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key',
    indexes=[{'columns': ['record_key']}, {'columns': ['build_no']}],
    pre_hook="{{ forget_what_is_made_anew('int_person_versions') }}"
) }}

with persons as (
    select * from {{ ref('int_person_versions') }}
    {{ where_not_taken_in() }}
),

nationalities as (
    select
        nationalities.record_key,
        persons.known_from,
        array_agg(nationalities.nationality_code) as nationality_codes
    from {{ ref('stg_brp__nationalities') }} as nationalities
    inner join persons on {{ are_of_version('nationalities', 'persons') }}
    where nationalities.history_no = 0 and nationalities.incorrect_mark is null and nationalities.nationality_code is not null
    group by nationalities.record_key, persons.known_from
),

rules as (
    select
        *,
        daterange(valid_from, valid_until) as days
    from {{ ref('population_definitions') }}
),

met as (
    select
        rules.definition,
        residences.record_key,
        residences.known_from,
        persons.known_until,
        persons.build_no,
        rules.residence_title_code,
        daterange(residences.from_date, residences.to_date) * rules.days as days
    from {{ ref('int_residence_spells') }} as residences
    inner join persons on residences.record_key = persons.record_key and residences.known_from = persons.known_from
    left join nationalities
        on residences.record_key = nationalities.record_key and residences.known_from = nationalities.known_from
    inner join rules
        on
            (rules.country_from_code is null or residences.country_from_code = rules.country_from_code)
            and (rules.settled_on_or_after is null or residences.settled_latest_date >= rules.settled_on_or_after)
            and (rules.born_on_or_after is null or persons.birth_latest_date >= rules.born_on_or_after)
            and (rules.nationality_code is null or rules.nationality_code = any(nationalities.nationality_codes))
),

with_titles as (
    select
        met.definition,
        met.record_key,
        met.known_from,
        met.known_until,
        met.build_no,
        met.days
    from met
    where met.residence_title_code is null
    union all
    select
        met.definition,
        met.record_key,
        met.known_from,
        met.known_until,
        met.build_no,
        met.days * titles.days as days
    from met
    inner join {{ ref('int_residence_title_days') }} as titles
        on
            met.record_key = titles.record_key
            and met.known_from = titles.known_from
            and met.residence_title_code = titles.residence_title_code
),

final as (
    select
        definition,
        record_key,
        known_from,
        known_until,
        build_no,
        range_agg(days) as days
    from with_titles
    where not isempty(days)
    group by definition, record_key, known_from, known_until, build_no
)

select * from final
