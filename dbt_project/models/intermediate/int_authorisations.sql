with final as (
    select
        decisions.decision_reference,
        authorisations.row_of_decision,
        decisions.deciding_body,
        decisions.decided_date,
        decisions.valid_from_date,
        decisions.valid_until_date,
        decisions.conditions,
        authorisations.holder_name,
        authorisations.holder_scheme,
        authorisations.holder_number,
        case when authorisations.holder_scheme = 'NL-CBS' then authorisations.holder_number end as municipality_code,
        coalesce(authorisations.lead_buyer_code, authorisations.holder_number) as lead_buyer_code,
        authorisations.contract_reference,
        authorisations.supplier_name,
        {{ organisation_number('authorisations.supplier_scheme', 'authorisations.supplier_number') }} as organisation_number
    from {{ ref('stg_sanction_decisions__decisions') }} as decisions
    inner join {{ ref('stg_sanction_decisions__authorisations') }} as authorisations
        on decisions.supplier = authorisations.supplier and decisions.record_key = authorisations.record_key
    where decisions.reference_to = 'infinity' and authorisations.reference_to = 'infinity'
)

select * from final
