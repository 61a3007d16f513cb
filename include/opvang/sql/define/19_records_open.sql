create index if not exists records_open on quarantine.records (source, supplier) where closed_at is null;
