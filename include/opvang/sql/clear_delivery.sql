delete from {table}
where delivery_id = %(delivery_id)s;
