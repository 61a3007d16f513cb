select
    supplier,
    record_key,
    decision_reference,
    deciding_body,
    decided_date,
    valid_from_date,
    valid_until_date,
    conditions,
    array_to_string(flags, ',') as flags,
    reference_from,
    reference_to,
    delivery_id
from {{ source('sanction_decisions', 'decisions') }}
where known_to = 'infinity'
