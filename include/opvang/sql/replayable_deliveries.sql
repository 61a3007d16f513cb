-- What is worth reading again from its kept file: current deliveries with open quarantine, and refused ones that were the last word.
with heard as (
    select
        deliveries.*,
        coalesce(replay_of, delivery_id) as original_id,
        row_number() over (
            partition by supplier, scope, reference_date
            order by received_at desc, coalesce(replay_of, delivery_id) desc, delivery_id desc
        ) as words_since
    from ops.deliveries
    where source = %(source)s and verdict is not null and (%(supplier)s::text is null or supplier = %(supplier)s)
),

standing as (
    select
        delivery_id,
        original_id
    from heard
    where
        verdict <> 'refused'
        and superseded_at is null
        and (
            %(delivery)s::bigint is not null
            or exists (
                select from quarantine.records
                where
                    records.delivery_id = heard.delivery_id
                    and records.closed_at is null
                    and (%(rule)s::text is null or %(rule)s = any(records.rules))
            )
        )
),

refused as (
    select
        delivery_id,
        original_id
    from heard
    where
        verdict = 'refused'
        and words_since = 1
        and (%(delivery)s is not null or (%(refused)s and forgotten_at is null))
        and (
            %(rule)s is null
            or strpos(refused_because, '(' || %(rule)s || ')') > 0
            or exists (
                select from ops.rule_results
                where rule_results.delivery_id = heard.delivery_id and rule_results.rule = %(rule)s
            )
        )
        and not exists (
            select from ops.deliveries as again
            where again.replay_of = heard.original_id and again.delivery_id > heard.delivery_id and again.verdict is not null
        )
),

final as (
    select original_id from standing
    union
    select original_id from refused
)

select
    original.delivery_id,
    original.supplier,
    original.reference_date,
    original.file_name,
    original.sha256
from final
inner join ops.deliveries as original on final.original_id = original.delivery_id
where
    %(delivery)s is null
    or original.delivery_id = (
        select coalesce(named.replay_of, named.delivery_id)
        from ops.deliveries as named
        where named.delivery_id = %(delivery)s
    )
order by original.reference_date, original.received_at, original.delivery_id;
