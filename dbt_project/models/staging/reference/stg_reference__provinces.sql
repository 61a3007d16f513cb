select
    pv_code as province_code,
    pv_naam as province_name
from {{ ref('provincies') }}
