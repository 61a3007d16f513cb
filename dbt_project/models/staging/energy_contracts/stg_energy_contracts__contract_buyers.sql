with final as (
    select
        supplier,
        record_key,
        ocid,
        contract_id,
        row_of_contract,
        role,
        municipality_code,
        reference_from,
        reference_to,
        delivery_id
    from {{ source('energy_contracts', 'contract_buyers') }}
    where known_to = 'infinity'
)

select * from final
