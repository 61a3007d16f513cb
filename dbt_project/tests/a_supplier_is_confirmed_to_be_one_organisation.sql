-- And asks nobody any more; every decision is shown.
with of_suppliers as (
    select
        organisation_number,
        count(*) filter (where status = 'confirmed') as confirmed,
        count(*) filter (where status = 'open') as open
    from {{ ref('supplier_matches') }}
    group by organisation_number
),

final as (
    select organisation_number from of_suppliers
    where confirmed > 1 or (confirmed = 1 and open > 0)
    union all
    select decisions.organisation_number
    from {{ ref('int_supplier_match_decisions') }} as decisions
    left join {{ ref('supplier_matches') }} as matches
        on
            decisions.organisation_number = matches.organisation_number
            and coalesce(decisions.organisation, decisions.matched_organisation) = matches.organisation
            and decisions.decision = matches.status
    where matches.status is null
)

select * from final
