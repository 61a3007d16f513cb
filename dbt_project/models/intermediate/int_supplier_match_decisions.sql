-- A person names the organisation by any of its official numbers, or by register and record where it has none.
with final as (
    select distinct
        decisions.organisation_number,
        decisions.matched_organisation,
        coalesce(by_number.organisation, by_record.organisation) as organisation,
        decisions.decision,
        decisions.decided_by,
        decisions.decided_on,
        decisions.reason
    from {{ ref('supplier_match_decisions') }} as decisions
    left join {{ ref('stg_ownership__identifiers') }} as numbers on decisions.matched_organisation = numbers.organisation_number
    left join {{ ref('int_organisations') }} as by_number
        on numbers.supplier = by_number.supplier and numbers.record_id = by_number.record_id
    left join {{ ref('int_organisations') }} as by_record
        on decisions.matched_organisation = by_record.supplier || ':' || by_record.record_id
)

select * from final
