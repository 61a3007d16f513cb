create table if not exists ops.deliveries (
    delivery_id bigint generated always as identity primary key,
    source text not null,
    supplier text not null,
    covers text not null,
    scope text not null default '*',
    reference_date date not null,
    received_at timestamptz not null,
    file_name text not null,
    uri text not null,
    modified_at timestamptz not null,
    sha256 text not null,
    bytes bigint not null,
    batch_id bigint references ops.batches,
    contract_version text not null,
    registered_at timestamptz not null default now(),
    refused_because text,
    verdict text check (verdict in ('published', 'quarantined_in_part', 'refused')),
    records_read bigint not null default 0,
    records_published bigint not null default 0,
    records_flagged bigint not null default 0,
    records_quarantined bigint not null default 0,
    records_refused bigint not null default 0,
    published_at timestamptz,
    superseded_at timestamptz,
    forgotten_at timestamptz,
    constraint every_record_is_accounted_for check (
        verdict is null
        or records_read = records_published + records_quarantined + records_refused
    ),
    constraint flagged_records_are_published check (records_flagged <= records_published)
);
