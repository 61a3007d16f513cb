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
        {{ organisation_number('identifier_scheme', 'identifier') }},
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
