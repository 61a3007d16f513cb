with units as (
    select distinct
        energy_carrier,
        volume_unit
    from {{ ref('energy_carriers') }}
),

final as (
    select
        supply.month_start_date,
        supply.municipality_code,
        supply.municipality_name,
        supply.safety_region_code,
        supply.energy_carrier,
        units.volume_unit,
        count(distinct supply.contract_key) filter (where supply.is_covered)::integer as contracts_covered,
        count(distinct supply.contract_key) filter (where supply.is_to_end)::integer as contracts_to_end,
        count(distinct supply.contract_key) filter (where supply.is_uncovered)::integer as contracts_uncovered,
        {{ told_sum('supply.metering_points', 'supply.is_covered') }}::integer as metering_points_covered,
        {{ told_sum('supply.metering_points', 'supply.is_to_end') }}::integer as metering_points_to_end,
        {{ told_sum('supply.metering_points', 'supply.is_uncovered') }}::integer as metering_points_uncovered,
        {{ told_sum('supply.yearly_volume', 'supply.is_covered') }}::numeric(16, 2) as yearly_volume_covered,
        {{ told_sum('supply.yearly_volume', 'supply.is_to_end') }}::numeric(16, 2) as yearly_volume_to_end,
        {{ told_sum('supply.yearly_volume', 'supply.is_uncovered') }}::numeric(16, 2) as yearly_volume_uncovered,
        round(sum(supply.yearly_volume * supply.covered_days / supply.days_of_year), 2)::numeric(16, 2) as month_volume_covered,
        round(sum(supply.yearly_volume * supply.uncovered_days / supply.days_of_year), 2)::numeric(16, 2) as month_volume_uncovered,
        min(supply.uncovered_from_date) as uncovered_from_date,
        count(distinct supply.contract_key) filter (where supply.yearly_volume is null and supply.shared_yearly_volume is null)::integer
            as contracts_volume_not_told,
        coalesce(sum(supply.shared_metering_points) filter (where supply.is_covered), 0)::integer as shared_metering_points_covered,
        coalesce(sum(supply.shared_metering_points) filter (where supply.is_to_end), 0)::integer as shared_metering_points_to_end,
        coalesce(sum(supply.shared_metering_points) filter (where supply.is_uncovered), 0)::integer as shared_metering_points_uncovered,
        coalesce(sum(supply.shared_yearly_volume) filter (where supply.is_covered), 0)::numeric(16, 2) as shared_yearly_volume_covered,
        coalesce(sum(supply.shared_yearly_volume) filter (where supply.is_to_end), 0)::numeric(16, 2) as shared_yearly_volume_to_end,
        coalesce(sum(supply.shared_yearly_volume) filter (where supply.is_uncovered), 0)::numeric(16, 2) as shared_yearly_volume_uncovered
    from {{ ref('int_supply_by_month') }} as supply
    left join units using (energy_carrier)
    group by
        supply.month_start_date,
        supply.municipality_code,
        supply.municipality_name,
        supply.safety_region_code,
        supply.energy_carrier,
        units.volume_unit
)

select * from final
