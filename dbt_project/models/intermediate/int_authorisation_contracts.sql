with sanctioned as (
    select distinct
        contract_key,
        organisation_number
    from {{ ref('int_sanctioned_contracts') }}
    where known_to = 'infinity'
),

buyers as (
    select distinct
        contract_key,
        municipality_code
    from {{ ref('int_energy_contract_municipalities') }}
    where known_to = 'infinity'
),

final as (
    select
        sanctioned.contract_key,
        sanctioned.organisation_number,
        buyers.municipality_code,
        authorisations.decision_reference,
        authorisations.row_of_decision,
        authorisations.valid_from_date,
        authorisations.valid_until_date
    from {{ ref('int_authorisations') }} as authorisations
    inner join buyers using (municipality_code)
    inner join sanctioned using (contract_key)
    left join {{ ref('int_energy_contract_numbers') }} as numbers
        on
            sanctioned.contract_key = numbers.contract_key
            and authorisations.lead_buyer_code = numbers.lead_buyer_code
            and authorisations.contract_reference = numbers.contract_reference
    where
        (authorisations.organisation_number is null or authorisations.organisation_number = sanctioned.organisation_number)
        and (authorisations.contract_reference is null or numbers.contract_key is not null)
)

select * from final
