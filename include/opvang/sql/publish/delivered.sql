-- What the layer's deliveries say of this table: their published records, from their reference date until the next delivery.
create temporary view delivered as
select
    layer.supplier,
    landed.record_key,
    landed.row_no,
    {landed_columns},
    {flags},
    layer.reference_date as reference_from,
    coalesce(held_until.reference_to, layer.next_reference_date) as reference_to,
    layer.known_at,
    layer.delivery_id
from layer
inner join {landing} as landed using (delivery_id)
left join judged using (delivery_id, record_no)
left join held_until on layer.supplier = held_until.supplier and landed.record_key = held_until.record_key
where layer.scope = {scope} and not layer.is_outdated and judged.is_stopped is not true;
