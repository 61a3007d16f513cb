create temporary table layer (
    delivery_id bigint primary key,
    source text not null,
    supplier text not null,
    scope text not null,
    reference_date date not null,
    known_at timestamptz not null,
    standing_delivery_id bigint,
    is_replay_of_standing boolean not null,
    next_delivery_id bigint,
    next_reference_date date not null,
    is_outdated boolean not null
) on commit drop;
create temporary table held_until (
    supplier text not null,
    record_key text not null,
    reference_to date not null
) on commit drop;
