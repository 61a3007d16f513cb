with contracts as (
    select
        organisation_number,
        count(distinct contract_key) as contracts
    from {{ ref('int_energy_contract_suppliers') }}
    where known_to = 'infinity'
    group by organisation_number
),

proposals as (
    select
        proposals.*,
        contracted.joined_by = 'nothing' as is_open
    from {{ ref('int_supplier_match_proposals') }} as proposals
    inner join {{ ref('int_contracted_organisations') }} as contracted using (organisation_number)
),

decisions as (
    select
        organisation_number,
        coalesce(organisation, matched_organisation) as organisation,
        decision,
        decided_by,
        decided_on,
        reason
    from {{ ref('int_supplier_match_decisions') }}
),

pairs as (
    select
        organisation_number,
        organisation,
        coalesce(decisions.decision, 'open') as status,
        proposals.similarity_pct as score_pct,
        proposals.supplier_name,
        proposals.proposed_name,
        proposals.register,
        proposals.country_code,
        proposals.is_same_name,
        proposals.is_same_country,
        decisions.decided_by,
        decisions.decided_on,
        decisions.reason
    from proposals
    full join decisions using (organisation_number, organisation)
    where decisions.decision is not null or proposals.is_open
),

ranked as (
    select
        *,
        row_number() over (
            partition by organisation_number, status
            order by score_pct desc nulls last, is_same_country desc nulls last, organisation asc
        ) as place
    from pairs
),

final as (
    select
        ranked.organisation_number,
        ranked.organisation,
        ranked.status,
        ranked.place::integer as place,
        ranked.score_pct,
        ranked.supplier_name,
        ranked.proposed_name,
        ranked.register,
        ranked.country_code,
        ranked.is_same_name,
        ranked.is_same_country,
        concat_ws(
            ', ',
            case
                when ranked.is_same_name then 'same name but for the legal form'
                else ranked.score_pct::numeric(4, 1) || ' % of the name'
            end,
            case when ranked.is_same_country then 'same country' when not ranked.is_same_country then 'another country' end
        ) as speaks_for,
        coalesce(contracts.contracts, 0)::integer as contracts,
        ranked.decided_by,
        ranked.decided_on,
        ranked.reason
    from ranked
    left join contracts using (organisation_number)
    where ranked.status <> 'open' or ranked.place <= {{ var('supplier_match_most_proposals') }}
)

select * from final
