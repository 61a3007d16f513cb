with units as (
    select distinct
        energy_carrier,
        volume_unit
    from {{ ref('energy_carriers') }}
),

final as (
    select
        supply.month_start_date,
        supply.energy_carrier,
        supply.profile_code,
        units.volume_unit,
        count(distinct supply.municipality_code) filter (where supply.is_to_end)::integer as municipalities_to_end,
        count(distinct supply.municipality_code) filter (where supply.is_uncovered)::integer as municipalities_uncovered,
        {{ told_sum('supply.metering_points', 'supply.is_to_end') }}::integer as metering_points_to_end,
        {{ told_sum('supply.metering_points', 'supply.is_uncovered') }}::integer as metering_points_uncovered,
        {{ told_sum('supply.yearly_volume', 'supply.is_to_end') }}::numeric(16, 2) as yearly_volume_to_end,
        {{ told_sum('supply.yearly_volume', 'supply.is_uncovered') }}::numeric(16, 2) as yearly_volume_uncovered,
        count(distinct supply.municipality_code)
        filter (where supply.yearly_volume is null and supply.shared_yearly_volume is null)::integer
            as municipalities_volume_not_told,
        coalesce(sum(supply.shared_metering_points) filter (where supply.is_to_end), 0)::integer as shared_metering_points_to_end,
        coalesce(sum(supply.shared_metering_points) filter (where supply.is_uncovered), 0)::integer as shared_metering_points_uncovered,
        coalesce(sum(supply.shared_yearly_volume) filter (where supply.is_to_end), 0)::numeric(16, 2) as shared_yearly_volume_to_end,
        coalesce(sum(supply.shared_yearly_volume) filter (where supply.is_uncovered), 0)::numeric(16, 2) as shared_yearly_volume_uncovered
    from {{ ref('int_supply_by_month') }} as supply
    left join units using (energy_carrier)
    where supply.is_to_end or supply.is_uncovered
    group by supply.month_start_date, supply.energy_carrier, supply.profile_code, units.volume_unit
)

select * from final
