select
    vr_code as safety_region_code,
    vr_naam as safety_region_name,
    pv_code as province_code,
    aantal_gemeenten as municipalities,
    inwoners_2022_01_01 as inhabitants
from {{ ref('veiligheidsregios') }}
