select
    supplier,
    municipality_code,
    description,
    successor_code,
    start_date,
    end_date,
    reference_from,
    delivery_id
from {{ source('code_tables', 'municipalities') }}
where known_to = 'infinity' and reference_to = 'infinity'
