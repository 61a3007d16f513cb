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
        {{ joint_contract_figures() }}
    from {{ ref('int_supply_by_month') }} as supply
    left join units using (energy_carrier)
    where supply.is_to_end or supply.is_uncovered
    group by supply.month_start_date, supply.energy_carrier, supply.profile_code, units.volume_unit
)

select * from final
