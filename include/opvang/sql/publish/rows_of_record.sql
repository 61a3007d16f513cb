select
    landed.delivery_id,
    landed.record_no,
    landed.line_no,
    landed.record_key,
    {name} as table_name,
    landed.row_no,
    (select to_jsonb(kept) from (select {content}) as kept) as columns
from {table} as landed
inner join stopped using (delivery_id, record_no)
