{{ config(materialized='table') }}

-- The number under which a contract names a supplier is that of the organisation with this number, where any register knows it;
-- what a contract names otherwise is the organisation that a person confirmed, and nobody's as long as no one did.
with contracted as (
    select distinct organisation_number
    from {{ ref('stg_energy_contracts__contract_suppliers') }}
    where organisation_number is not null
),

known as (
    select distinct
        contracted.organisation_number,
        organisations.organisation
    from contracted
    inner join {{ ref('stg_ownership__identifiers') }} using (organisation_number)
    inner join {{ ref('int_organisations') }} as organisations using (supplier, record_id)
),

confirmed as (
    select distinct on (organisation_number)
        organisation_number,
        organisation,
        decided_on
    from {{ ref('int_supplier_match_decisions') }}
    where decision = 'confirmed' and organisation is not null
    order by organisation_number asc, decided_on desc, organisation asc
),

final as (
    select
        contracted.organisation_number,
        coalesce(known.organisation, confirmed.organisation, contracted.organisation_number) as organisation,
        case
            when known.organisation is not null then 'number'
            when confirmed.organisation is not null then 'confirmation'
            else 'nothing'
        end as joined_by,
        -- What was answered before a person confirmed it stays as it was known.
        case
            when known.organisation is null and confirmed.organisation is not null
                then confirmed.decided_on::timestamp at time zone 'Europe/Amsterdam'
            else '-infinity'
        end as joined_from
    from contracted
    left join known using (organisation_number)
    left join confirmed using (organisation_number)
)

select * from final
