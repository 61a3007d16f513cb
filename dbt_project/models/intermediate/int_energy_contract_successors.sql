-- The first contract for the same energy that begins later and runs longer. One that began long before the end serves other connections.
with contracts as (
    select distinct
        municipality_code,
        energy_carrier,
        contract_key,
        ocid,
        contract_id,
        from_date,
        last_date
    from {{ ref('int_energy_purchases') }}
),

final as (
    select distinct on (ended.municipality_code, ended.energy_carrier, ended.contract_key)
        ended.municipality_code,
        ended.energy_carrier,
        ended.contract_key,
        ended.ocid,
        ended.contract_id,
        ended.last_date,
        successors.ocid as successor_ocid,
        successors.contract_id as successor_contract_id,
        successors.from_date as successor_from_date
    from contracts as ended
    inner join contracts as successors
        on
            ended.municipality_code = successors.municipality_code
            and ended.energy_carrier = successors.energy_carrier
            and ended.contract_key <> successors.contract_key
            and ended.last_date < successors.last_date
            and ended.from_date < successors.from_date
            and ended.last_date - {{ var('successor_overlap_days') }} < successors.from_date
    order by
        ended.municipality_code asc, ended.energy_carrier asc, ended.contract_key asc,
        successors.from_date asc, successors.contract_key asc
)

select * from final
