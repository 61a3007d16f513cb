with final as (
    select
        supplier,
        record_key,
        ocid,
        contract_id,
        row_of_contract,
        role,
        organisation_name,
        identifier_scheme,
        identifier,
        share_pct,
        owner_nationalities,
        known_from,
        known_to,
        delivery_id
    from {{ source('energy_contracts', 'contract_suppliers') }}
    where reference_to = 'infinity'
)

select * from final
