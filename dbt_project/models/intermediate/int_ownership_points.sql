{{ config(materialized='table') }}

-- Each moment at which something became known, and each day on which, as known then, something changed.
with facts as (
    select
        known_from,
        known_to,
        valid_from,
        valid_until
    from {{ ref('int_ownership_interests') }}
    union
    select
        known_from,
        known_to,
        valid_from,
        valid_until
    from {{ ref('int_ownership_parties') }}
),

moments as (
    select known_from as known_at from facts
    union
    select known_to as known_at from facts
    where known_to <> 'infinity'
),

fact_days as (
    select
        known_from,
        known_to,
        valid_from as day
    from facts
    union
    select
        known_from,
        known_to,
        valid_until as day
    from facts
),

changes as (
    select
        known_at,
        date '{{ var("ownership_first_day") }}' as day
    from moments
    union
    select
        moments.known_at,
        fact_days.day
    from moments
    inner join fact_days on moments.known_at >= fact_days.known_from and moments.known_at < fact_days.known_to
    where
        fact_days.day > '{{ var("ownership_first_day") }}' and fact_days.day < 'infinity'
        and not {{ var("ownership_first_day_only") }}
),

known as (
    select
        known_at,
        lead(known_at, 1, 'infinity') over (order by known_at) as known_until
    from moments
),

final as (
    select
        row_number() over (order by changes.known_at, changes.day) as point_no,
        changes.known_at as known_from,
        known.known_until as known_to,
        changes.day as valid_from,
        lead(changes.day, 1, 'infinity') over (partition by changes.known_at order by changes.day) as valid_until
    from changes
    inner join known using (known_at)
)

select * from final
