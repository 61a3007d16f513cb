{{ config(materialized='table') }}

with final as (
    select distinct
        organisations.organisation,
        statements.supplier as register,
        statements.entity_name,
        left(statements.jurisdiction_code, 2) as country_code
    from {{ ref('stg_ownership__statements') }} as statements
    inner join {{ ref('int_organisations') }} as organisations using (supplier, record_id)
    where statements.record_type = 'entity' and statements.entity_name is not null and statements.known_to = 'infinity'
)

select * from final
