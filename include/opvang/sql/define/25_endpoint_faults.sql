-- Whose endpoint could not be read, or not all of it, when it was asked last.
create table if not exists ops.endpoint_faults (
    source text not null,
    supplier text not null,
    fault text not null,
    failing_since timestamptz not null default now(),
    primary key (source, supplier)
);
