select
    supplier,
    residence_title_code,
    description,
    start_date,
    end_date,
    reference_from,
    delivery_id
from {{ source('code_tables', 'residence_titles') }}
where known_to = 'infinity' and reference_to = 'infinity'
