update ops.deliveries
set scope = %(scope)s, records_read = %(records)s
where delivery_id = %(delivery_id)s;
