create unlogged table if not exists landing.breaches (
    batch_id bigint not null,
    delivery_id bigint not null,
    record_no integer not null,
    rule text not null,
    severity text not null,
    reference text,
    reason text not null,
    found_by text not null
);
