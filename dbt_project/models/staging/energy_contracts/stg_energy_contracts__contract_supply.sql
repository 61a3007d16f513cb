select
    supplier,
    record_key,
    ocid,
    contract_id,
    row_of_contract,
    municipality_code,
    cpv_code,
    metering_points,
    yearly_volume,
    unit,
    profile_code,
    known_from,
    known_to,
    delivery_id
from {{ source('energy_contracts', 'contract_supply') }}
where reference_to = 'infinity'
