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

-- The other contract for the same energy that runs on the day after.
successors as (
    select * from {{ ref('int_energy_contract_successors') }}
    where successor_from_date <= last_date + 1
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
            -- Of a contract without a day of conclusion nobody knows before when it must end; one without an end goes on.
            when (sanctioned.last_date < sanctioned.must_end_before_date) is not true then 'exposed'
            when successors.successor_contract_id is null then 'ends_without_successor'
            else 'replaced'
        end as exit_status,
        successors.successor_ocid,
        successors.successor_contract_id
    from sanctioned
    left join successors using (municipality_code, ocid, contract_id, energy_carrier)
)

select * from final
