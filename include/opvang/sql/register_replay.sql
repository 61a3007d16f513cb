-- One replay of a delivery waits at most; asked for twice, it is the same one.
insert into ops.deliveries (
    source, supplier, covers, reference_date, received_at, file_name, uri, modified_at, sha256, bytes, contract_version, replay_of
)
select
    source,
    supplier,
    %(covers)s,
    reference_date,
    received_at,
    file_name,
    uri,
    modified_at,
    sha256,
    bytes,
    %(contract_version)s,
    delivery_id
from ops.deliveries
where delivery_id = %(original)s
on conflict (replay_of) where verdict is null do update
    set replay_of = excluded.replay_of
returning delivery_id;
