-- What the layer says of this table: its published records, from its reference date until the next delivery.
create temporary table incoming on commit drop as
select
    landed.supplier,
    landed.record_key,
    landed.row_no,
    {landed_columns},
    {flags},
    layer.reference_date as reference_from,
    coalesce(held_until.reference_to, layer.next_reference_date) as reference_to,
    layer.received_at,
    layer.delivery_id
from layer
inner join {landing} as landed using (delivery_id)
left join judged using (delivery_id, record_no)
left join held_until on landed.supplier = held_until.supplier and landed.record_key = held_until.record_key
where layer.scope = %(scope)s and not layer.is_outdated and judged.is_stopped is not true;
