-- What the contracts promise, for figures that hold suppliers to it; `opvang init` writes it from the files.
create table if not exists ops.contracts (
    source text primary key,
    version text not null,
    frequency_days integer not null,
    retention_days integer not null
);
