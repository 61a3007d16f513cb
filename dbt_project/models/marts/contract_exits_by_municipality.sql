with sanctioned as (
    select
        municipality_code,
        ocid,
        contract_id,
        energy_carrier,
        min(reference_date) as exposed_from_date,
        max(reference_date) as exposed_until_date,
        max(must_end_before_date) as must_end_before_date,
        max(authorised_until_date) as authorised_until_date,
        min(last_date) as last_date
    from {{ ref('int_sanctioned_municipality_days') }}
    where answer = 'yes' and role = 'supplier'
    group by municipality_code, ocid, contract_id, energy_carrier
),

running as (
    select
        buyers.municipality_code,
        contracts.ocid,
        contracts.contract_id,
        coalesce(carriers.energy_carrier, 'other') as energy_carrier,
        coalesce(contracts.start_date, contracts.concluded_date) as from_date,
        coalesce(least(contracts.end_date, contracts.terminated_date), 'infinity') as last_date
    from {{ ref('int_energy_contracts') }} as contracts
    inner join {{ ref('int_energy_contract_buyers') }} as buyers using (contract_key)
    left join {{ ref('energy_carriers') }} as carriers on left(contracts.cpv_code, 8) = carriers.cpv_code
    where contracts.known_to = 'infinity' and buyers.known_to = 'infinity' and contracts.status <> 'cancelled'
),

-- The first other contract for the same energy that runs on the day after.
successors as (
    select distinct on (sanctioned.municipality_code, sanctioned.ocid, sanctioned.contract_id)
        sanctioned.municipality_code,
        sanctioned.ocid,
        sanctioned.contract_id,
        running.ocid as successor_ocid,
        running.contract_id as successor_contract_id
    from sanctioned
    inner join running
        on
            sanctioned.municipality_code = running.municipality_code and sanctioned.energy_carrier = running.energy_carrier
            and (sanctioned.ocid, sanctioned.contract_id) <> (running.ocid, running.contract_id)
            and sanctioned.last_date + 1 between running.from_date and running.last_date
    order by
        sanctioned.municipality_code asc, sanctioned.ocid asc, sanctioned.contract_id asc,
        running.from_date desc, running.ocid asc, running.contract_id asc
),

final as (
    select
        sanctioned.municipality_code,
        sanctioned.ocid,
        sanctioned.contract_id,
        sanctioned.energy_carrier,
        sanctioned.exposed_from_date,
        sanctioned.exposed_until_date,
        sanctioned.must_end_before_date,
        sanctioned.authorised_until_date,
        sanctioned.last_date,
        case
            when sanctioned.last_date is null or sanctioned.last_date >= sanctioned.must_end_before_date then 'exposed'
            when successors.successor_contract_id is null then 'ends_without_successor'
            else 'replaced'
        end as exit_status,
        successors.successor_ocid,
        successors.successor_contract_id
    from sanctioned
    left join successors using (municipality_code, ocid, contract_id)
)

select * from final
