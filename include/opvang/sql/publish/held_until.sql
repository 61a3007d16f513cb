-- A record that is in quarantine in the next delivery keeps what this one says, until a delivery in which it isn't.
insert into held_until
select
    layer.supplier,
    held.record_key,
    coalesce(min(later.reference_date) filter (where later_held.record_key is null), 'infinity')
from layer
inner join
    quarantine.records as held
    on layer.next_delivery_id = held.delivery_id and held.record_key is not null
inner join ops.deliveries as later
    on
        layer.source = later.source
        and layer.supplier = later.supplier
        and layer.scope = later.scope
        and layer.reference_date < later.reference_date
        and later.verdict in ('published', 'quarantined_in_part')
        and later.superseded_at is null
left join quarantine.records as later_held
    on
        later.delivery_id = later_held.delivery_id
        and held.record_key = later_held.record_key
group by layer.supplier, held.record_key;
