{{ config(materialized='table') }}

-- Two buyers that merged are one from that day on.
with lying as (
    select
        buyers.contract_key,
        buyers.known_from,
        buyers.known_to,
        lies.municipality_code,
        unnest(range_agg(daterange(lies.valid_from, lies.valid_until))) as days
    from {{ ref('int_energy_contract_buyers') }} as buyers
    inner join {{ ref('int_municipality_successors') }} as lies on buyers.municipality_code = lies.code
    group by buyers.contract_key, buyers.known_from, buyers.known_to, lies.municipality_code
),

final as (
    select
        lying.contract_key,
        lying.known_from,
        lying.known_to,
        lying.municipality_code,
        municipalities.municipality_name,
        municipalities.safety_region_code,
        lower(lying.days) as valid_from,
        upper(lying.days) as valid_until
    from lying
    inner join {{ ref('int_municipalities') }} as municipalities using (municipality_code)
)

select * from final
