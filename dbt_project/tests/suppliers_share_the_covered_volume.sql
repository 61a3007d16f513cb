-- The volume that is shared out among suppliers is the covered one; shares grow with the suppliers counted.
with cover as (
    select
        month_start_date,
        energy_carrier,
        sum(yearly_volume_covered) as yearly_volume,
        sum(shared_yearly_volume_covered) as shared_yearly_volume
    from {{ ref('supply_cover_by_municipality_month') }}
    where contracts_covered > 0
    group by month_start_date, energy_carrier
)

select concentration.month_start_date
from {{ ref('supplier_concentration_by_month') }} as concentration
full join cover using (month_start_date, energy_carrier)
where
    concentration.suppliers is null
    or cover.shared_yearly_volume is null
    or coalesce(concentration.yearly_volume, 0) <> coalesce(cover.yearly_volume, 0) + cover.shared_yearly_volume
    or concentration.largest_1_share_pct > concentration.largest_3_share_pct
    or concentration.largest_3_share_pct > concentration.largest_5_share_pct
    or concentration.herfindahl_hirschman_index not between 10000 / concentration.suppliers and 10000
    or concentration.awards_one_tender > concentration.awards_tenders_told
    or concentration.awards_tenders_told > concentration.awards
