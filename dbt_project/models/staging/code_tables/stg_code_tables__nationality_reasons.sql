select
    supplier,
    reason_code,
    description,
    kind,
    start_date,
    end_date,
    reference_from,
    delivery_id
from {{ source('code_tables', 'nationality_reasons') }}
where known_to = 'infinity' and reference_to = 'infinity'
