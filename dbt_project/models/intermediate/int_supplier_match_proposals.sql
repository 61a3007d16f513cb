{{ config(materialized='table') }}

-- A supplier or organisation with several names: the two that are most alike. The country of a number is that of its register.
with suppliers as (
    select distinct
        suppliers.organisation_number,
        suppliers.organisation_name,
        names.plain_name,
        (regexp_match(suppliers.identifier_scheme, '^([A-W][A-Z])-'))[1] as country_code
    from {{ ref('stg_energy_contracts__contract_suppliers') }} as suppliers
    inner join {{ ref('int_organisation_names') }} as names on suppliers.organisation_name = names.name
),

registered as (
    select
        registered.*,
        names.plain_name
    from {{ ref('int_registered_names') }} as registered
    inner join {{ ref('int_organisation_names') }} as names on registered.entity_name = names.name
),

final as (
    select distinct on (suppliers.organisation_number, registered.organisation)
        suppliers.organisation_number,
        registered.organisation,
        suppliers.organisation_name as supplier_name,
        registered.entity_name as proposed_name,
        registered.register,
        registered.country_code,
        scores.similarity_pct,
        scores.asked_name = scores.known_name as is_same_name,
        suppliers.country_code = registered.country_code as is_same_country
    from {{ ref('int_supplier_match_scores') }} as scores
    inner join suppliers on scores.asked_name = suppliers.plain_name
    inner join registered on scores.known_name = registered.plain_name
    where scores.similarity_pct >= {{ var('supplier_match_lowest_pct') }}
    order by
        suppliers.organisation_number asc, registered.organisation asc, scores.similarity_pct desc,
        suppliers.organisation_name asc, registered.entity_name asc, registered.register asc
)

select * from final
