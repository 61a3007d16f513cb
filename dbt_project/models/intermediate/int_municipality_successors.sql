{{ config(materialized='table') }}

with recursive municipalities as (
    select
        municipality_code,
        successor_code,
        coalesce(valid_from, '-infinity') as valid_from,
        coalesce(valid_until, 'infinity') as valid_until
    from {{ ref('int_municipalities') }}
),

successors as (
    select
        municipality_code as code,
        municipality_code,
        successor_code,
        valid_from,
        valid_until
    from municipalities
    -- Not `union all`: in a table that leads in a circle it would never end.
    union
    select
        successors.code,
        municipalities.municipality_code,
        municipalities.successor_code,
        successors.valid_until as valid_from,
        greatest(successors.valid_until, municipalities.valid_until) as valid_until
    from successors
    inner join municipalities on successors.successor_code = municipalities.municipality_code
    where successors.valid_until < 'infinity'
),

final as (
    select
        code,
        municipality_code,
        valid_from,
        valid_until
    from successors
    where valid_from < valid_until
)

select * from final
