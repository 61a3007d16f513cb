with covered as (
    select
        decision_reference,
        row_of_decision,
        count(distinct contract_key)::integer as contracts
    from {{ ref('int_authorisation_contracts') }}
    group by decision_reference, row_of_decision
),

final as (
    select
        authorisations.decision_reference,
        authorisations.row_of_decision,
        authorisations.deciding_body,
        authorisations.decided_date,
        authorisations.valid_from_date,
        authorisations.valid_until_date,
        municipalities.municipality_code,
        authorisations.holder_name,
        authorisations.holder_scheme,
        authorisations.holder_number,
        authorisations.lead_buyer_code,
        authorisations.contract_reference,
        authorisations.supplier_name,
        authorisations.organisation_number,
        authorisations.conditions,
        coalesce(covered.contracts, 0) as contracts
    from {{ ref('int_authorisations') }} as authorisations
    left join {{ ref('int_municipalities') }} as municipalities using (municipality_code)
    left join covered using (decision_reference, row_of_decision)
)

select * from final
