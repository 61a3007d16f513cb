{{ config(materialized='table') }}

-- The chain that weighs most in the answer: at each organisation the holder that brings most of what decides.
with recursive weighed as (
    select
        shares.point_no,
        rules.sanction_rule,
        shares.subject,
        shares.holder,
        holders.is_end,
        holders.party_name || ' > ' || case
            when shares.share_high is null and shares.share_low = 0 then 'share not stated'
            when shares.share_high is null then 'at least ' || trim_scale(round(shares.share_low * 100, 4)) || ' %'
            when shares.share_high > shares.share_low
                then trim_scale(round(shares.share_low * 100, 4)) || ' to ' || trim_scale(round(shares.share_high * 100, 4)) || ' %'
            else trim_scale(round(shares.share_low * 100, 4)) || ' %'
        end || ' > ' as link,
        shares.share_low,
        shares.share_low * greatest(stakes.first_category_low, stakes.another_low) as weight
    from {{ ref('int_ownership_shares') }} as shares
    inner join {{ ref('sanction_rules') }} as rules using (counts_as)
    inner join {{ ref('int_ownership_party_points') }} as holders
        on shares.holder = holders.organisation and shares.point_no = holders.point_no and rules.sanction_rule = holders.sanction_rule
    left join {{ ref('int_ownership_stakes') }} as stakes
        on
            shares.holder = stakes.organisation and shares.point_no = stakes.point_no
            and rules.sanction_rule = stakes.sanction_rule and rules.counts_as = stakes.counts_as
),

heaviest as materialized (
    select distinct on (point_no, sanction_rule, subject) *
    from weighed
    order by point_no asc, sanction_rule asc, subject asc, weight desc nulls last, share_low desc, holder asc
),

chains as (
    select
        parties.organisation as supplier_organisation,
        parties.point_no,
        parties.sanction_rule,
        parties.organisation,
        parties.party_name as chain,
        array[parties.organisation] as organisations,
        parties.is_end
    from {{ ref('int_ownership_party_points') }} as parties
    where parties.organisation in (select contracted.organisation from {{ ref('int_contracted_organisations') }} as contracted)
    union all
    select
        chains.supplier_organisation,
        chains.point_no,
        chains.sanction_rule,
        heaviest.holder,
        heaviest.link || chains.chain as chain,
        chains.organisations || heaviest.holder as organisations,
        heaviest.is_end
    from chains
    inner join heaviest
        on
            chains.organisation = heaviest.subject and chains.point_no = heaviest.point_no
            and chains.sanction_rule = heaviest.sanction_rule
    where not chains.is_end and heaviest.holder <> all(chains.organisations)
),

final as (
    select distinct on (supplier_organisation, point_no, sanction_rule)
        supplier_organisation as organisation,
        point_no,
        sanction_rule,
        case when is_end then '' else 'nobody stated > ' end || chain as chain
    from chains
    order by supplier_organisation, point_no, sanction_rule, cardinality(organisations) desc
)

select * from final
