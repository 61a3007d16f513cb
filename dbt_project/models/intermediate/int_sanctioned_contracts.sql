{{ config(materialized='table') }}

with answers as (
    select
        contracted.organisation_number,
        contracted.joined_from,
        answers.*,
        rules.valid_from as rule_from,
        rules.concluded_before,
        rules.must_end_before,
        rules.subcontractor_more_than_pct,
        chains.chain
    from {{ ref('int_contracted_organisations') }} as contracted
    inner join {{ ref('int_ownership_answers') }} as answers using (organisation)
    inner join {{ ref('sanction_rules') }} as rules using (sanction_rule, counts_as)
    inner join {{ ref('int_ownership_chains') }} as chains using (organisation, sanction_rule, point_no)
    where answers.answer in ('yes', 'may_be')
),

contracts as (
    select * from {{ ref('int_energy_contracts') }}
    where status <> 'cancelled'
),

suppliers as (
    select distinct
        contract_key,
        known_from,
        role,
        organisation_name,
        share_pct,
        organisation_number
    from {{ ref('int_energy_contract_suppliers') }}
),

dated as (
    select
        contracts.contract_key,
        contracts.ocid,
        contracts.contract_id,
        contracts.cpv_code,
        contracts.concluded_date,
        contracts.start_date,
        least(contracts.end_date, contracts.terminated_date) as last_date,
        suppliers.role,
        suppliers.organisation_number,
        suppliers.organisation_name,
        suppliers.share_pct,
        answers.sanction_rule,
        answers.answer,
        answers.first_category_low_pct,
        answers.first_category_high_pct,
        answers.chain,
        -- What was concluded since the rule is in force was never allowed.
        case
            when contracts.concluded_date < answers.concluded_before then answers.must_end_before
            else contracts.concluded_date
        end as must_end_before_date,
        greatest(coalesce(contracts.start_date, contracts.concluded_date), answers.rule_from, answers.valid_from) as from_date,
        least(contracts.end_date + 1, contracts.terminated_date + 1, answers.valid_until) as until_date,
        greatest(contracts.known_from, answers.known_from, answers.joined_from) as known_from,
        least(contracts.known_to, answers.known_to) as known_to
    from contracts
    inner join suppliers using (contract_key, known_from)
    inner join answers
        on
            suppliers.organisation_number = answers.organisation_number
            and contracts.known_from < answers.known_to and contracts.known_to > answers.known_from
    where suppliers.role = 'supplier' or suppliers.share_pct > answers.subcontractor_more_than_pct
),

final as (
    select * from dated
    where from_date < until_date and known_from < known_to
)

select * from final
