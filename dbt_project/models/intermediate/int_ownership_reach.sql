{{ config(materialized='table', indexes=[{'columns': ['organisation'], 'unique': true}]) }}

-- Upwards from the contracted suppliers, each organisation once: a cycle ends here.
with recursive reached as (
    select organisation from {{ ref('int_contracted_organisations') }}
    union
    select links.holder
    from reached
    inner join {{ ref('int_ownership_links') }} as links on reached.organisation = links.subject
    where links.holder is not null
),

final as (
    select organisation from reached
)

select * from final
