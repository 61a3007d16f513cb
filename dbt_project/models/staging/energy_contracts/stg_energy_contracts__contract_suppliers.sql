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
        coalesce(
            identifier_scheme || ':' || upper(regexp_replace(identifier, '\s', '', 'g')),
            'name:' || lower(regexp_replace(btrim(organisation_name), '\s+', ' ', 'g')),
            'no register:' || identifier
        ) as organisation_number,
        share_pct,
        owner_nationalities,
        known_from,
        known_to,
        delivery_id
    from {{ source('energy_contracts', 'contract_suppliers') }}
    where reference_to = 'infinity'
)

select * from final
