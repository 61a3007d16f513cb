{{ config(materialized='table') }}

with reached_records as (
    select
        organisations.record_id,
        organisations.supplier
    from {{ ref('int_organisations') }} as organisations
    where organisations.organisation in (select reach.organisation from {{ ref('int_ownership_reach') }} as reach)
    union all
    select
        links.record_id,
        links.supplier
    from {{ ref('int_ownership_links') }} as links
    where links.subject in (select reach.organisation from {{ ref('int_ownership_reach') }} as reach)
),

final as (
    select statements.*
    from {{ ref('stg_ownership__statements') }} as statements
    where exists (
        select 1 from reached_records
        where reached_records.record_id = statements.record_id and reached_records.supplier = statements.supplier
    )
)

select * from final
