{{ config(materialized='table') }}

-- An award without a contract (pending) delivers nothing yet.
with latest as (
    select distinct on (contract_key)
        *,
        coalesce(
            start_date, concluded_date,
            (min(known_from) over (partition by contract_key) at time zone 'Europe/Amsterdam')::date
        ) as from_date,
        coalesce(least(end_date, terminated_date), 'infinity') as last_date
    from {{ ref('int_energy_contracts') }}
    order by contract_key asc, known_from desc
),

contracts as (
    select * from latest
    where status not in ('cancelled', 'pending') and last_date >= date '{{ var("supply_first_day") }}'
),

supplied as (
    select
        supply.contract_key,
        supply.municipality_code,
        coalesce(carriers.energy_carrier, 'other') as energy_carrier,
        coalesce(supply.profile_code, 'unknown') as profile_code,
        sum(supply.metering_points) as metering_points,
        sum(supply.yearly_volume) filter (where supply.unit = carriers.volume_unit) as yearly_volume
    from {{ ref('int_energy_contract_supply') }} as supply
    inner join contracts using (contract_key, known_from)
    left join {{ ref('energy_carriers') }} as carriers on left(supply.cpv_code, 8) = carriers.cpv_code
    group by supply.contract_key, supply.municipality_code, carriers.energy_carrier, supply.profile_code
),

buyers as (
    select
        buyers.contract_key,
        buyers.municipality_code
    from {{ ref('int_energy_contract_buyers') }} as buyers
    inner join contracts using (contract_key, known_from)
    union
    select
        contract_key,
        municipality_code
    from supplied
),

-- Several buy and one alone has a volume: it is stated for all of them together.
split as (
    select
        buyers.contract_key,
        count(distinct buyers.municipality_code) = 1 or count(distinct supplied.municipality_code) > 1 as is_split
    from buyers
    left join supplied using (contract_key)
    group by buyers.contract_key
),

carriers_bought as (
    select distinct
        contracts.contract_key,
        coalesce(supplied.energy_carrier, carriers.energy_carrier, 'other') as energy_carrier
    from contracts
    left join supplied using (contract_key)
    left join {{ ref('energy_carriers') }} as carriers on left(contracts.cpv_code, 8) = carriers.cpv_code
),

final as (
    select
        buyers.contract_key,
        buyers.municipality_code,
        carriers_bought.energy_carrier,
        coalesce(supplied.profile_code, 'unknown') as profile_code,
        contracts.ocid,
        contracts.contract_id,
        contracts.concluded_date,
        contracts.tenders_received,
        contracts.from_date,
        contracts.last_date,
        case when split.is_split then supplied.metering_points end as metering_points,
        case when split.is_split then supplied.yearly_volume end as yearly_volume,
        case when not split.is_split then supplied.metering_points end as shared_metering_points,
        case when not split.is_split then supplied.yearly_volume end as shared_yearly_volume
    from buyers
    inner join contracts using (contract_key)
    inner join split using (contract_key)
    left join supplied using (contract_key, municipality_code)
    inner join carriers_bought
        on
            buyers.contract_key = carriers_bought.contract_key
            and coalesce(supplied.energy_carrier, carriers_bought.energy_carrier) = carriers_bought.energy_carrier
)

select * from final
