-- What stands since before or begins after, and touches the time that the layer speaks about.
create temporary table standing on commit drop as
select
    raw.ctid as row_at,
    raw.supplier,
    raw.record_key,
    raw.row_no,
    {raw_columns},
    raw.reference_from,
    raw.reference_to,
    raw.delivery_id,
    layer.reference_date as from_date,
    coalesce(held_until.reference_to, layer.next_reference_date) as to_date,
    greatest(raw.known_from, layer.known_at) as replaced_at
from layer
inner join {raw} as raw
    on layer.supplier = raw.supplier and raw.known_to = 'infinity' and layer.reference_date <= raw.reference_to
left join held_until on raw.supplier = held_until.supplier and raw.record_key = held_until.record_key
where
    layer.scope = {scope}
    and not layer.is_outdated
    and raw.reference_from <= coalesce(held_until.reference_to, layer.next_reference_date);
