-- During a rotation of the key: each pseudonym of a delivery under the former key and the present one.
create unlogged table if not exists landing.pseudonyms (
    batch_id bigint not null,
    delivery_id bigint not null,
    former text not null,
    current text not null
);
