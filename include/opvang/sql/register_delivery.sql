insert into ops.deliveries (
    source, supplier, covers, reference_date, received_at, file_name, uri, modified_at, sha256, bytes, contract_version
)
values (
    %(source)s, %(supplier)s, %(covers)s, %(reference_date)s, %(received_at)s, %(file_name)s, %(uri)s, %(modified_at)s, %(sha256)s,
    %(bytes)s, %(contract_version)s
)
on conflict (source, supplier, reference_date, sha256) where replay_of is null do update
    set uri = excluded.uri, modified_at = excluded.modified_at, forgotten_at = null
returning delivery_id;
