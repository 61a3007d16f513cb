-- One contract by several ways, by what is known of it now: a link found later holds for what was known before it, too.
-- A key that one deliverer uses for two contracts tells nothing, and links nothing.
with recursive contracts as (
    select distinct on (contracts.supplier, contracts.record_key)
        contracts.supplier,
        contracts.record_key,
        contracts.supplier || '/' || contracts.record_key as delivered_contract,
        contracts.ocid,
        contracts.contract_id,
        contracts.contract_reference,
        contracts.procedure_id,
        contracts.lead_buyer_code,
        contracts.concluded_date,
        coalesce(carriers.energy_carrier, left(contracts.cpv_code, 8)) as energy_carrier
    from {{ ref('stg_energy_contracts__contracts') }} as contracts
    left join {{ ref('energy_carriers') }} as carriers on left(contracts.cpv_code, 8) = carriers.cpv_code
    order by contracts.supplier asc, contracts.record_key asc, contracts.known_from desc
),

first_suppliers as (
    select distinct on (supplier, record_key)
        supplier,
        record_key,
        identifier_scheme || ':' || identifier as organisation_number
    from {{ ref('stg_energy_contracts__contract_suppliers') }}
    where role = 'supplier'
    order by supplier asc, record_key asc, known_from desc, row_of_contract asc
),

keys as (
    select
        contracts.supplier,
        contracts.delivered_contract,
        key.kind,
        key.value
    from contracts
    left join first_suppliers
        on contracts.supplier = first_suppliers.supplier and contracts.record_key = first_suppliers.record_key
    cross join
        lateral (
            values
            ('process', contracts.ocid || '|' || contracts.contract_id),
            ('procedure', contracts.lead_buyer_code || '|' || contracts.energy_carrier || '|' || contracts.procedure_id),
            ('reference', contracts.lead_buyer_code || '|' || contracts.energy_carrier || '|' || contracts.contract_reference),
            (
                'terms', contracts.lead_buyer_code || '|' || contracts.energy_carrier
                || '|' || first_suppliers.organisation_number || '|' || contracts.concluded_date
            )
        ) as key (kind, value)
    where key.value is not null
),

telling as (
    select
        supplier,
        kind,
        value,
        min(delivered_contract) as delivered_contract
    from keys
    group by supplier, kind, value
    having count(*) = 1
),

pairs as (
    select
        this.delivered_contract,
        other.delivered_contract as same_as
    from telling as this
    inner join telling as other on this.kind = other.kind and this.value = other.value
),

same as (
    select * from pairs
    -- Not `union all`: each link leads back, and the search must end.
    union
    select
        same.delivered_contract,
        pairs.same_as
    from same
    inner join pairs on same.same_as = pairs.delivered_contract
),

final as (
    select
        contracts.supplier,
        contracts.record_key,
        min(same.same_as) as contract_key
    from contracts
    inner join same on contracts.delivered_contract = same.delivered_contract
    group by contracts.supplier, contracts.record_key
)

select * from final
