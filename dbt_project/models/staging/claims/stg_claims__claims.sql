select
    supplier,
    record_key,
    claim_id,
    municipality_code,
    lead_buyer_code,
    contract_reference,
    kind,
    claimed_eur,
    claimed_date,
    approved_eur,
    decided_date,
    paid_eur,
    paid_date,
    array_to_string(flags, ',') as flags,
    reference_from,
    reference_to,
    delivery_id
from {{ source('claims', 'claims') }}
where known_to = 'infinity'
