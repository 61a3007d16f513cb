{{ config(materialized='table') }}

with buyers as (
    select distinct
        contract_key,
        municipality_code
    from {{ ref('int_energy_contract_buyers') }}
    where known_to = 'infinity'
),

-- As far ahead as the dimension of days goes at least: who asks in spring wants to see autumn.
stretches as (
    select
        contracts.*,
        municipalities.municipality_code,
        municipalities.municipality_name,
        municipalities.safety_region_code,
        coalesce(carriers.energy_carrier, 'other') as energy_carrier,
        greatest(contracts.from_date, municipalities.valid_from) as first_date,
        least(contracts.until_date - 1, municipalities.valid_until - 1, date '2023-12-31') as last_counted_date
    from {{ ref('int_sanctioned_contracts') }} as contracts
    inner join buyers using (contract_key)
    inner join {{ ref('int_municipalities') }} as municipalities on buyers.municipality_code = municipalities.municipality_code
    left join {{ ref('energy_carriers') }} as carriers on left(contracts.cpv_code, 8) = carriers.cpv_code
    where contracts.known_to = 'infinity'
),

final as (
    select
        series.day::date as reference_date,
        stretches.municipality_code,
        stretches.municipality_name,
        stretches.safety_region_code,
        stretches.ocid,
        stretches.contract_id,
        stretches.role,
        stretches.organisation_number,
        stretches.organisation_name,
        stretches.energy_carrier,
        stretches.answer,
        stretches.first_category_low_pct,
        stretches.chain,
        stretches.concluded_date,
        stretches.must_end_before_date,
        stretches.must_end_before_date - series.day::date as days_left,
        stretches.last_date
    from stretches
    cross join generate_series(stretches.first_date, stretches.last_counted_date, interval '1 day') as series (day)
)

select * from final
