{{ config(materialized='table') }}

with reached_records as (
    select
        organisations.supplier,
        organisations.record_id
    from {{ ref('int_organisations') }} as organisations
    where organisations.organisation in (select reach.organisation from {{ ref('int_ownership_reach') }} as reach)
    union
    select
        links.supplier,
        links.record_id
    from {{ ref('int_ownership_links') }} as links
    where links.subject in (select reach.organisation from {{ ref('int_ownership_reach') }} as reach)
),

statements as (
    select statements.*
    from {{ ref('stg_ownership__statements') }} as statements
    inner join reached_records using (supplier, record_id)
),

first_interests as (
    select
        supplier,
        statement_id,
        min(start_date) as start_date
    from {{ ref('stg_ownership__interests') }}
    group by supplier, statement_id
),

final as (
    select
        statements.*,
        case
            when statements.record_type = 'relationship' then coalesce(first_interests.start_date, statements.statement_date)
            else statements.statement_date
        end as from_date
    from statements
    left join first_interests using (supplier, statement_id)
)

select * from final
