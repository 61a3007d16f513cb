with waiting as (
    select delivery_id
    from ops.deliveries
    where
        source = %(source)s
        and verdict is null
        and (%(reference_date)s::date is null or reference_date = %(reference_date)s)
        and (%(deliveries)s::bigint [] is null or delivery_id = any(%(deliveries)s))
),

batch as (
    insert into ops.batches (source)
    select %(source)s
    where exists (select from waiting)
    returning batch_id
),

claimed as (
    update ops.deliveries
    set batch_id = batch.batch_id
    from batch, waiting
    where deliveries.delivery_id = waiting.delivery_id
)

select batch_id from batch;
