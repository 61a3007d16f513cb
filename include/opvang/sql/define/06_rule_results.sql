create table if not exists ops.rule_results (
    delivery_id bigint not null references ops.deliveries,
    rule text not null,
    severity text not null,
    reference text,
    reason text not null,
    records bigint not null,
    primary key (delivery_id, rule)
);
