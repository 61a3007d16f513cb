{{ config(materialized='table') }}

with buyers as (
    select * from {{ ref('int_energy_contract_municipalities') }}
    where known_to = 'infinity'
),

-- As far ahead as the dimension of days goes at least: who asks in spring wants to see autumn.
stretches as (
    select
        contracts.*,
        buyers.municipality_code,
        buyers.municipality_name,
        buyers.safety_region_code,
        coalesce(carriers.energy_carrier, 'other') as energy_carrier,
        greatest(contracts.from_date, buyers.valid_from) as first_date,
        least(contracts.until_date - 1, buyers.valid_until - 1, date '2023-12-31') as last_counted_date
    from {{ ref('int_sanctioned_contracts') }} as contracts
    inner join buyers using (contract_key)
    left join {{ ref('energy_carriers') }} as carriers on left(contracts.cpv_code, 8) = carriers.cpv_code
    where contracts.known_to = 'infinity'
),

days as (
    select
        stretches.*,
        series.day::date as reference_date
    from stretches
    cross join generate_series(stretches.first_date, stretches.last_counted_date, interval '1 day') as series (day)
),

-- While an authorisation runs, the contract need not have ended; afterwards the rule's own day counts again.
authorised as (
    select
        days.*,
        authorised.until_date - 1 as authorised_until_date,
        greatest(days.must_end_before_date, authorised.until_date) as must_have_ended_before_date
    from days
    left join {{ ref('int_authorised_contracts') }} as authorised
        on
            days.contract_key = authorised.contract_key
            and days.organisation_number = authorised.organisation_number
            and days.municipality_code = authorised.municipality_code
            and days.reference_date >= authorised.from_date
            and days.reference_date < authorised.until_date
),

final as (
    select
        reference_date,
        municipality_code,
        municipality_name,
        safety_region_code,
        ocid,
        contract_id,
        role,
        organisation_number,
        organisation_name,
        energy_carrier,
        answer,
        first_category_low_pct,
        chain,
        concluded_date,
        must_have_ended_before_date as must_end_before_date,
        must_have_ended_before_date - reference_date as days_left,
        authorised_until_date,
        last_date
    from authorised
)

select * from final
