insert into ops.contracts (source, version, frequency_days, retention_days)
values (%(source)s, %(version)s, %(frequency_days)s, %(retention_days)s)
on conflict (source) do update
    set
        version = excluded.version,
        frequency_days = excluded.frequency_days,
        retention_days = excluded.retention_days;
