select
    delivery_id,
    source,
    supplier,
    reference_date,
    record_no,
    record_key,
    array_to_string(rules, ',') as rules
from {{ source('ops', 'quarantined_records') }}
