select
    delivery_id,
    rule,
    severity,
    reference,
    reason,
    records
from {{ source('ops', 'rule_results') }}
