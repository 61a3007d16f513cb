{{ config(severity='warn') }}

with final as (
    select
        contracts.contract_key,
        contracts.ocid,
        contracts.contract_id,
        contracts.lead_buyer_code
    from {{ ref('int_energy_contracts') }} as contracts
    left join {{ ref('energy_contracts_by_municipality') }} as mart
        using (ocid, contract_id)
    where contracts.known_to = 'infinity' and mart.ocid is null
)

select * from final
