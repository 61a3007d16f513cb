insert into ops.endpoint_versions (source, supplier, uri, version)
values (%(source)s, %(supplier)s, %(uri)s, %(version)s)
on conflict (source, uri) do update
    set version = excluded.version, read_at = now();
