-- A replay is as old as its original. The kept bytes stay while another delivery of the same bytes waits or is younger.
with aged as (
    select
        deliveries.delivery_id,
        deliveries.sha256,
        deliveries.uri,
        deliveries.forgotten_at,
        deliveries.verdict is not null
        and coalesce(original.registered_at, deliveries.registered_at) < now() - make_interval(days => %(days)s) as is_due
    from ops.deliveries
    left join ops.deliveries as original on deliveries.replay_of = original.delivery_id
    where deliveries.source = %(source)s
),

final as (
    select
        *,
        not bool_and(is_due) over (partition by sha256) as is_still_needed
    from aged
)

select
    delivery_id,
    sha256,
    uri,
    is_still_needed
from final
where is_due and forgotten_at is null;
