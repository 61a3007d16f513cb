update ops.deliveries set refused_because = %(reason)s
where delivery_id = %(delivery_id)s;
