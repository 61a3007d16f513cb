select
    landed.delivery_id,
    landed.record_no,
    {name} as table_name,
    landed.row_no,
    to_jsonb(landed) - array['batch_id', 'delivery_id', 'record_no', 'line_no', 'row_no', 'record_key'] as columns
from {table} as landed
inner join stopped using (delivery_id, record_no)
