-- Upwards from each supplier at each moment and day, each organisation once.
with recursive reached as (
    select
        answers.organisation as supplier_organisation,
        answers.sanction_rule,
        answers.counts_as,
        answers.point_no,
        answers.organisation
    from {{ ref('int_ownership_answers') }} as answers
    inner join {{ ref('sanction_rules') }} using (sanction_rule, counts_as)
    union
    select
        reached.supplier_organisation,
        reached.sanction_rule,
        reached.counts_as,
        reached.point_no,
        shares.holder as organisation
    from reached
    inner join {{ ref('int_ownership_open_shares') }} as shares
        on
            reached.organisation = shares.subject and reached.point_no = shares.point_no
            and reached.counts_as = shares.counts_as and reached.sanction_rule = shares.sanction_rule
),

links as (
    select
        reached.supplier_organisation,
        reached.sanction_rule,
        reached.counts_as,
        reached.point_no,
        interests.subject,
        interests.holder,
        interests.supplier as register,
        interests.statement_id,
        interests.start_date,
        interests.share_low_pct,
        interests.share_high_pct
    from reached
    inner join {{ ref('int_ownership_points') }} as points using (point_no)
    inner join {{ ref('int_ownership_interests') }} as interests
        on
            reached.organisation = interests.subject and reached.counts_as = interests.counts_as
            and points.known_from >= interests.known_from and points.known_from < interests.known_to
            and points.valid_from >= interests.valid_from and points.valid_from < interests.valid_until
    where interests.holder is not null
),

final as (
    select
        links.supplier_organisation,
        links.sanction_rule,
        answers.known_from,
        answers.known_to as known_until,
        answers.valid_from,
        answers.valid_until,
        row_number()
            over (
                partition by answers.organisation, answers.sanction_rule, answers.point_no
                order by links.subject, links.holder, links.statement_id
            )
        ::integer
            as link_no,
        answers.answer,
        chains.chain,
        holders.party_name as holder_name,
        links.share_low_pct,
        links.share_high_pct,
        subjects.party_name as subject_name,
        links.start_date as held_since_date,
        links.register,
        links.statement_id,
        holders.is_first_category as is_holder_first_category
    from links
    inner join {{ ref('int_ownership_answers') }} as answers
        on
            links.supplier_organisation = answers.organisation and links.point_no = answers.point_no
            and links.counts_as = answers.counts_as and links.sanction_rule = answers.sanction_rule
    inner join {{ ref('int_ownership_chains') }} as chains
        on
            answers.organisation = chains.organisation
            and answers.point_no = chains.point_no
            and answers.sanction_rule = chains.sanction_rule
    inner join {{ ref('int_ownership_party_points') }} as holders
        on links.holder = holders.organisation and links.point_no = holders.point_no and links.sanction_rule = holders.sanction_rule
    inner join {{ ref('int_ownership_party_points') }} as subjects
        on links.subject = subjects.organisation and links.point_no = subjects.point_no and links.sanction_rule = subjects.sanction_rule
)

select * from final
