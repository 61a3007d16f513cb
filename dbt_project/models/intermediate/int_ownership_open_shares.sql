{{ config(materialized='table', indexes=[{'columns': ['holder']}]) }}

-- Who is at an end already is nobody's subject: of a company established in Russia nobody asks who owns it.
with final as (
    select
        shares.point_no,
        rules.sanction_rule,
        shares.counts_as,
        shares.subject,
        shares.holder,
        shares.share_low::double precision as share_low,
        coalesce(shares.share_high, 0)::double precision as share_high
    from {{ ref('int_ownership_shares') }} as shares
    cross join {{ ref('sanction_rules') }} as rules
    left join {{ ref('int_ownership_party_points') }} as ends
        on
            shares.subject = ends.organisation and shares.point_no = ends.point_no and rules.sanction_rule = ends.sanction_rule
            and ends.is_end
    where ends.organisation is null
    order by shares.holder -- as stakes reads it, step by step
)

select * from final
