{{ config(severity='warn') }}

with final as (
    select
        contracts.supplier,
        contracts.ocid,
        contracts.contract_id,
        contracts.municipality_code
    from {{ ref('stg_energy_contracts__contracts') }} as contracts
    left join {{ ref('energy_contracts_by_municipality') }} as mart
        using (municipality_code, ocid, contract_id)
    where contracts.reference_to = 'infinity' and mart.ocid is null
)

select * from final
