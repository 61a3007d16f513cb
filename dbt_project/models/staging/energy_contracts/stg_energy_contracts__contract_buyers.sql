select
    supplier,
    record_key,
    ocid,
    contract_id,
    row_of_contract,
    role,
    municipality_code,
    known_from,
    known_to,
    delivery_id
from {{ source('energy_contracts', 'contract_buyers') }}
where reference_to = 'infinity'
