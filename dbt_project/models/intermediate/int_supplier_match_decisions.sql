-- A person names the organisation by any of its official numbers, or by register and record where it has none.
with numbered as (
    select distinct
        numbers.organisation_number as name,
        organisations.organisation
    from {{ ref('stg_ownership__identifiers') }} as numbers
    inner join {{ ref('int_organisations') }} as organisations using (supplier, record_id)
),

final as (
    select
        decisions.organisation_number,
        decisions.matched_organisation,
        coalesce(numbered.organisation, records.organisation) as organisation,
        decisions.decision,
        decisions.decided_by,
        decisions.decided_on,
        decisions.reason
    from {{ ref('supplier_match_decisions') }} as decisions
    left join numbered on decisions.matched_organisation = numbered.name
    left join {{ ref('int_organisations') }} as records
        on decisions.matched_organisation = records.supplier || ':' || records.record_id
)

select * from final
