-- The deliveries of one reference date that come next, what stands for that date, and the delivery that follows each.
insert into layer
with versions as (
    select
        deliveries.*,
        coalesce(replay_of, delivery_id) as original_id,
        row_number() over (
            partition by supplier, scope, reference_date
            order by received_at, coalesce(replay_of, delivery_id), delivery_id
        ) as version
    from ops.deliveries
    where batch_id = %(batch_id)s and verdict is null and reference_date = %(reference_date)s
)

select
    versions.delivery_id,
    versions.source,
    versions.supplier,
    versions.scope,
    versions.reference_date,
    -- A replay ranks by the receipt of its original, yet nobody knew what it says before now; nor what takes its place.
    greatest(versions.received_at, case when versions.replay_of is not null then now() end, replays.published_at),
    standing.delivery_id as standing_delivery_id,
    coalesce(coalesce(standing.replay_of, standing.delivery_id) = versions.replay_of, false),
    following.delivery_id as next_delivery_id,
    coalesce(following.reference_date, 'infinity'),
    coalesce(
        (standing.received_at, coalesce(standing.replay_of, standing.delivery_id)) > (versions.received_at, versions.original_id),
        false
    )
from versions
left join ops.deliveries as standing
    on
        versions.source = standing.source
        and versions.supplier = standing.supplier
        and versions.scope = standing.scope
        and versions.reference_date = standing.reference_date
        and standing.verdict in ('published', 'quarantined_in_part')
        and standing.superseded_at is null
left join lateral (
    select max(published_at) as published_at
    from ops.deliveries as replay
    where
        replay.source = versions.source
        and replay.supplier = versions.supplier
        and replay.scope = versions.scope
        and replay.replay_of is not null
        and replay.verdict in ('published', 'quarantined_in_part')
) as replays on true
left join lateral (
    select
        later.delivery_id,
        later.reference_date
    from ops.deliveries as later
    where
        later.source = versions.source
        and later.supplier = versions.supplier
        and later.scope = versions.scope
        and later.reference_date > versions.reference_date
        and later.verdict in ('published', 'quarantined_in_part')
        and later.superseded_at is null
    order by later.reference_date
    limit 1
) as following on true
where versions.version = 1;
