create index if not exists records_key on quarantine.records (source, supplier, record_key);
