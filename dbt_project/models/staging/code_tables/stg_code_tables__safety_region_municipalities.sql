select
    supplier,
    municipality_code,
    safety_region_code,
    reference_from,
    reference_to,
    delivery_id
from {{ source('code_tables', 'safety_region_municipalities') }}
where known_to = 'infinity'
