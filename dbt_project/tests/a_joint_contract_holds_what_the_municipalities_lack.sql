-- By municipality, by region and national: the same connections, volumes and municipalities that don't tell theirs.
with cover as (
    select
        month_start_date,
        energy_carrier,
        sum(metering_points_uncovered) as metering_points,
        sum(yearly_volume_uncovered) as yearly_volume,
        sum(yearly_volume_to_end) as yearly_volume_to_end,
        sum(shared_yearly_volume_uncovered) as shared_yearly_volume
    from {{ ref('supply_cover_by_municipality_month') }}
    group by month_start_date, energy_carrier
    having sum(contracts_uncovered + contracts_to_end) > 0
),

regions as (
    select
        month_start_date,
        energy_carrier,
        sum(metering_points_uncovered) as metering_points,
        sum(yearly_volume_uncovered) as yearly_volume,
        sum(yearly_volume_to_end) as yearly_volume_to_end,
        sum(shared_yearly_volume_uncovered) as shared_yearly_volume
    from {{ ref('joint_contract_by_region_month') }}
    group by month_start_date, energy_carrier
),

national as (
    select
        month_start_date,
        energy_carrier,
        sum(metering_points_uncovered) as metering_points,
        sum(yearly_volume_uncovered) as yearly_volume,
        sum(yearly_volume_to_end) as yearly_volume_to_end,
        sum(shared_yearly_volume_uncovered) as shared_yearly_volume
    from {{ ref('joint_contract_by_month') }}
    group by month_start_date, energy_carrier
),

told as (
    select * from cover
    union all
    select * from regions
    union all
    select * from national
)

select
    month_start_date,
    energy_carrier
from told
group by
    month_start_date,
    energy_carrier,
    coalesce(metering_points, 0),
    coalesce(yearly_volume, 0),
    coalesce(yearly_volume_to_end, 0),
    shared_yearly_volume
having count(*) <> 3
