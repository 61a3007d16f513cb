create unique index if not exists deliveries_file
on ops.deliveries (source, supplier, reference_date, sha256)
where replay_of is null;
