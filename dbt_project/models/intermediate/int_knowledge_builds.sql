{{ config(materialized='incremental', incremental_strategy='append') }}

with last_build as (
    select
        coalesce(max(build_no), 0) as build_no,
        max(published_until) as published_until,
        (array_agg(made_with order by build_no desc))[1] as made_with
    from (
        select
            0 as build_no,
            timestamptz '-infinity' as published_until,
            '' as made_with
        {% if is_incremental() -%}
            union all
            select
                build_no,
                published_until,
                made_with
            from {{ this }}
        {%- endif %}
    ) as builds
),

-- What the histories stand on beside the deliveries: where it changes, they are made anew.
foundations as (
    select to_jsonb(definitions) as foundation
    from {{ ref('population_definitions') }} as definitions
    union all
    select to_jsonb(successors) as foundation
    from {{ ref('int_municipality_successors') }} as successors
),

checksum as (
    select md5(string_agg(foundation::text, ',' order by foundation::text)) as made_with
    from foundations
),

published as (
    select
        published_at,
        known_at
    from {{ ref('int_known_deliveries') }}
),

final as (
    select
        last_build.build_no + 1 as build_no,
        case
            when checksum.made_with <> last_build.made_with then '-infinity'
            else min(published.known_at) filter (where published.published_at > last_build.published_until)
        end as restated_from,
        coalesce(max(published.published_at), '-infinity') as published_until,
        checksum.made_with
    from last_build
    cross join checksum
    left join published on true
    group by last_build.build_no, last_build.published_until, last_build.made_with, checksum.made_with
    having
        checksum.made_with <> last_build.made_with
        or max(published.published_at) > last_build.published_until
)

select * from final
