with final as (
    select
        supplier,
        record_key,
        ocid,
        contract_id,
        release_id,
        municipality_code,
        title,
        status,
        supplier_id,
        supplier_name,
        cpv_code,
        concluded_date,
        start_date,
        end_date,
        value_eur,
        array_to_string(flags, ',') as flags,
        reference_from,
        reference_to,
        delivery_id
    from {{ source('energy_contracts', 'contracts') }}
    where known_to = 'infinity'
)

select * from final
