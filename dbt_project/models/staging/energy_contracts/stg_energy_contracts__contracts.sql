with final as (
    select
        supplier,
        record_key,
        ocid,
        contract_id,
        form,
        release_id,
        procedure_id,
        contract_reference,
        lead_buyer_code,
        supplier_count,
        title,
        status,
        cpv_code,
        concluded_date,
        start_date,
        end_date,
        terminated_date,
        value_eur,
        tenders_received,
        array_to_string(flags, ',') as flags,
        known_from,
        known_to,
        delivery_id
    from {{ source('energy_contracts', 'contracts') }}
    where reference_to = 'infinity'
)

select * from final
