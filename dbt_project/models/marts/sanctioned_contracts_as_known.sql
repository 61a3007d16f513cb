-- Stretches that touch and say the same are one: what changed elsewhere in the web of owners cuts no row here.
with told as (
    select
        buyers.municipality_code,
        buyers.municipality_name,
        buyers.safety_region_code,
        contracts.ocid,
        contracts.contract_id,
        contracts.role,
        contracts.organisation_number,
        contracts.organisation_name,
        contracts.answer,
        contracts.chain,
        contracts.concluded_date,
        contracts.must_end_before_date,
        contracts.last_date,
        greatest(contracts.known_from, buyers.known_from) as known_from,
        least(contracts.known_to, buyers.known_to) as known_to,
        greatest(contracts.from_date, buyers.valid_from) as from_date,
        least(contracts.until_date, buyers.valid_until) as until_date
    from {{ ref('int_sanctioned_contracts') }} as contracts
    inner join {{ ref('int_energy_contract_municipalities') }} as buyers
        on
            contracts.contract_key = buyers.contract_key
            and contracts.known_from < buyers.known_to and contracts.known_to > buyers.known_from
),

{% set facts = ['municipality_code', 'municipality_name', 'safety_region_code', 'ocid', 'contract_id', 'role', 'organisation_number',
    'organisation_name', 'answer', 'chain', 'concluded_date', 'must_end_before_date', 'last_date'] | join(', ') %}
by_days as (
    select
        {{ facts }},
        known_from,
        known_to,
        unnest(range_agg(daterange(from_date, until_date))) as days
    from told
    where from_date < until_date
    group by {{ facts }}, known_from, known_to
),

by_knowledge as (
    select
        {{ facts }},
        days,
        unnest(range_agg(tstzrange(known_from, known_to))) as known
    from by_days
    group by {{ facts }}, days
),

final as (
    select
        {{ facts }},
        lower(days) as exposed_from_date,
        upper(days) - 1 as exposed_until_date,
        lower(known) as known_from,
        upper(known) as known_until
    from by_knowledge
)

select * from final
