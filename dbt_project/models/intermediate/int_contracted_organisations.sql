{{ config(materialized='table') }}

-- The number under which a contract names a supplier is that of the organisation with this number, where any register knows it.
with contracted as (
    select distinct identifier_scheme || ':' || upper(regexp_replace(identifier, '\s', '', 'g')) as organisation_number
    from {{ ref('stg_energy_contracts__contract_suppliers') }}
    where identifier_scheme is not null and identifier is not null
),

known as (
    select distinct
        numbers.organisation_number,
        organisations.organisation
    from {{ ref('stg_ownership__identifiers') }} as numbers
    inner join {{ ref('int_organisations') }} as organisations using (supplier, record_id)
),

final as (
    select
        contracted.organisation_number,
        coalesce(known.organisation, contracted.organisation_number) as organisation
    from contracted
    left join known using (organisation_number)
)

select * from final
