-- Quarantine is never a departure: a stopped record keeps the version that was published before.
insert into incoming
select
    standing.supplier,
    standing.record_key,
    standing.row_no,
    {raw_content},
    layer.reference_date,
    coalesce(held_until.reference_to, layer.next_reference_date),
    layer.received_at,
    standing.delivery_id
from layer
inner join quarantine.records as held
    on layer.delivery_id = held.delivery_id and held.closed_at is null and held.record_key is not null
inner join {raw} as standing
    on
        held.supplier = standing.supplier
        and held.record_key = standing.record_key
        and standing.known_to = 'infinity'
        and standing.reference_from < layer.reference_date
        and standing.reference_to >= layer.reference_date
left join held_until on standing.supplier = held_until.supplier and standing.record_key = held_until.record_key
where
    layer.scope = %(scope)s
    and not layer.is_outdated
    and not exists (
        select from incoming
        where incoming.supplier = standing.supplier and incoming.record_key = standing.record_key
    );
