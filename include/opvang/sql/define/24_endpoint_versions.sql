-- What was read where suppliers answer themselves, as which version (ETag): noted together with the delivery that it became.
create table if not exists ops.endpoint_versions (
    source text not null,
    supplier text not null,
    uri text not null,
    version text not null,
    read_at timestamptz not null default now(),
    primary key (source, uri)
);
