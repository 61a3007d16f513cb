{{ config(materialized='table', indexes=[{'columns': ['holder']}]) }}

-- What each record says that the holder holds; the interests of one record add up.
with stated as (
    select
        points.point_no,
        interests.counts_as,
        interests.subject,
        interests.holder,
        coalesce(interests.direct_or_indirect, '') = 'indirect' as is_indirect,
        sum(coalesce(interests.share_low_pct, 0)) / 100 as share_low,
        case when bool_and(interests.share_high_pct is not null) then least(sum(interests.share_high_pct), 100) / 100 end as share_high
    from {{ ref('int_ownership_points') }} as points
    inner join {{ ref('int_ownership_interests') }} as interests
        on
            points.known_from >= interests.known_from and points.known_from < interests.known_to
            and points.valid_from >= interests.valid_from and points.valid_from < interests.valid_until
    where interests.holder is not null
    group by
        points.point_no, interests.counts_as, interests.subject, interests.holder, is_indirect, interests.supplier, interests.record_id
),

-- What several registers say of the same two is said once: the most that any of them states.
merged as (
    select
        point_no,
        counts_as,
        subject,
        holder,
        is_indirect,
        max(share_low) as share_low,
        max(share_high) as share_high
    from stated
    group by point_no, counts_as, subject, holder, is_indirect
),

held as (
    select distinct
        subject,
        counts_as,
        point_no
    from merged
),

ends as (
    select distinct
        organisation,
        point_no
    from {{ ref('int_ownership_party_points') }}
    where is_end
),

-- A direct holder leads on when its own holders are stated, or when nobody stands above it.
traced as (
    select
        merged.*,
        bool_or(not merged.is_indirect and (held.subject is not null or ends.organisation is not null)) over company as some_lead_on,
        bool_or(merged.is_indirect) over company as some_are_indirect
    from merged
    left join held
        on merged.holder = held.subject and merged.counts_as = held.counts_as and merged.point_no = held.point_no
    left join ends
        on merged.holder = ends.organisation and merged.point_no = ends.point_no
    window company as (partition by merged.subject, merged.point_no, merged.counts_as)
),

-- A company's indirect holders are counted where its direct ones lead nowhere, so that no share counts twice.
counted as (
    select
        *,
        sum(share_low) over (partition by subject, point_no, counts_as) as all_low
    from traced
    where is_indirect = (some_are_indirect and not some_lead_on)
),

-- Shares of more than 100 % together contradict each other: each counts for less, so that no answer rests on them alone.
final as (
    select
        point_no,
        counts_as,
        subject,
        holder,
        share_low / greatest(all_low, 1) as share_low,
        -- More than the others leave nobody can have; where no upper end is stated there is none to know.
        case
            when share_high is not null
                then greatest(least(share_high, 1 - (all_low - share_low)), share_low / greatest(all_low, 1))
        end as share_high,
        all_low > 1 as is_contradictory
    from counted
)

select * from final
