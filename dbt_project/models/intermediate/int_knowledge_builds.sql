{{ config(materialized='incremental', incremental_strategy='append') }}

-- What the histories stand on beside the deliveries: where it changes, they are made anew.
with rules as (
    select md5(string_agg(rule::text, ',' order by rule::text)) as made_with
    from (
        select to_jsonb(definitions) as rule from {{ ref('population_definitions') }} as definitions
        union all
        select to_jsonb(successors) as rule from {{ ref('int_municipality_successors') }} as successors
    ) as of_all
),

published as (
    select
        published_at,
        known_at
    from {{ ref('int_known_deliveries') }}
),

{% if is_incremental() %}
last_build as (
    select * from {{ this }}
    order by build_no desc
    limit 1
),

news as (
    select
        last_build.build_no + 1 as build_no,
        case
            when rules.made_with <> last_build.made_with then '-infinity'
            else (select min(published.known_at) from published where published.published_at > last_build.published_until)
        end as restated_from,
        rules.made_with
    from last_build
    cross join rules
),
{% else %}
news as (
    select
        1 as build_no,
        timestamptz '-infinity' as restated_from,
        rules.made_with
    from rules
),
{% endif %}

final as (
    select
        news.build_no,
        news.restated_from,
        coalesce((select max(published.published_at) from published), '-infinity') as published_until,
        news.made_with
    from news
    where news.restated_from is not null
)

select * from final
