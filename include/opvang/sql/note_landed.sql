update ops.deliveries
set scope = %(scope)s, form = %(form)s, records_read = %(records)s
where delivery_id = %(delivery_id)s;
