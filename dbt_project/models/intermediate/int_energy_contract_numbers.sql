with final as (
    select distinct
        links.contract_key,
        delivered.lead_buyer_code,
        delivered.contract_reference
    from {{ ref('stg_energy_contracts__contracts') }} as delivered
    inner join {{ ref('int_energy_contract_links') }} as links
        on delivered.supplier = links.supplier and delivered.record_key = links.record_key
    where delivered.lead_buyer_code is not null and delivered.contract_reference is not null
)

select * from final
