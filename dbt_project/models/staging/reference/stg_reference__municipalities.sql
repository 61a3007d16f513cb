select
    date '2022-01-01' as listed_on_date,
    gm_code as municipality_code,
    naam as municipality_name,
    vr_code as safety_region_code,
    pv_code as province_code,
    inwoners_2022_01_01 as inhabitants,
    false as is_inhabitants_estimated
from {{ ref('gemeenten_2022_01_01') }}
union all
select
    date '2022-03-24' as listed_on_date,
    gm_code as municipality_code,
    naam_tabel33 as municipality_name,
    vr_code as safety_region_code,
    pv_code as province_code,
    inwoners_2022_01_01 as inhabitants,
    inwoners_bron like 'geschat%' as is_inhabitants_estimated
from {{ ref('gemeenten_2022_03_24') }}
