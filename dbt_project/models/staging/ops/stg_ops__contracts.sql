select
    source,
    version,
    frequency_days,
    retention_days
from {{ source('ops', 'contracts') }}
