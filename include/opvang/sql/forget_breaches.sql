delete from ops.breaches
where delivery_id = %(delivery_id)s;
