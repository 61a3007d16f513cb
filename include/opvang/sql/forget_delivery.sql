update ops.deliveries set forgotten_at = now()
where delivery_id = %(delivery_id)s;
