select
    supplier,
    country_code,
    description,
    start_date,
    end_date,
    fictitious_end,
    reference_from,
    delivery_id
from {{ source('code_tables', 'countries') }}
where known_to = 'infinity' and reference_to = 'infinity'
