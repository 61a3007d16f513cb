{{ config(
    materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key',
    indexes=[{'columns': ['record_key']}, {'columns': ['build_no']}],
    pre_hook="{{ forget_what_is_made_anew('int_residence_spells') }}"
) }}

with residences as (
    select * from {{ ref('int_residence_spells') }}
    {{ where_not_taken_in() }}
),

-- Days without a break at any place here: what begins and ends them is an arrival, a birth, a death, a departure.
presences as (
    select
        record_key,
        known_from,
        build_no,
        unnest(range_agg(daterange(from_date, to_date))) as days
    from residences
    group by record_key, known_from, build_no
),

final as (
    select
        presences.record_key,
        presences.known_from,
        presences.build_no,
        lower(presences.days) as from_date,
        upper(presences.days) as to_date,
        case when first_one.settled_latest_date is null then 'born' else 'registered_new' end as came_by,
        case when upper(presences.days) < 'infinity' then last_one.left_by end as left_by
    from presences
    inner join residences as first_one
        on
            presences.record_key = first_one.record_key
            and presences.known_from = first_one.known_from
            and lower(presences.days) = first_one.from_date
    inner join residences as last_one
        on
            presences.record_key = last_one.record_key
            and presences.known_from = last_one.known_from
            and upper(presences.days) = last_one.to_date
)

select * from final
