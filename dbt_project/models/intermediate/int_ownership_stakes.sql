{{ config(materialized='table', indexes=[{'columns': ['organisation']}]) }}

{% set smallest, longest = 0.0000000001, 1000 %}
-- From those at the end of a chain downwards, step by step: what of an organisation is theirs by ways of so many steps.
-- Each step adds up what reaches one organisation by several ways, so diamonds cost no more than chains; a cycle fades out.
with recursive kinds as (
    select distinct counts_as from {{ ref('int_ownership_open_shares') }}
),

steps as (
    select
        ends.point_no,
        ends.sanction_rule,
        kinds.counts_as,
        ends.organisation,
        0 as step_no,
        ends.is_first_category::integer::double precision as first_category_low,
        ends.is_first_category::integer::double precision as first_category_high,
        (not ends.is_first_category)::integer::double precision as another_low
    from {{ ref('int_ownership_party_points') }} as ends
    cross join kinds
    where ends.is_end
    union all
    select distinct on (shares.subject, steps.point_no, steps.sanction_rule, steps.counts_as)
        steps.point_no,
        steps.sanction_rule,
        steps.counts_as,
        shares.subject,
        steps.step_no + 1 as step_no,
        sum(steps.first_category_low * shares.share_low) over subjects as first_category_low,
        sum(steps.first_category_high * shares.share_high) over subjects as first_category_high,
        sum(steps.another_low * shares.share_low) over subjects as another_low
    from steps
    inner join {{ ref('int_ownership_open_shares') }} as shares
        on
            steps.organisation = shares.holder and steps.point_no = shares.point_no
            and steps.counts_as = shares.counts_as and steps.sanction_rule = shares.sanction_rule
    where steps.step_no < {{ longest }} and greatest(steps.first_category_high, steps.another_low) > {{ smallest }}
    window subjects as (partition by shares.subject, steps.point_no, steps.sanction_rule, steps.counts_as)
),

final as (
    select
        point_no,
        sanction_rule,
        counts_as,
        organisation,
        trim_scale(round(sum(first_category_low)::numeric, 8)) as first_category_low,
        trim_scale(round(least(sum(first_category_high), 1 - sum(another_low))::numeric, 8)) as first_category_high,
        trim_scale(round(sum(another_low)::numeric, 8)) as another_low
    from steps
    group by point_no, sanction_rule, counts_as, organisation
)

select * from final
