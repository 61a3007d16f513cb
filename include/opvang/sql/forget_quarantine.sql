update quarantine.records
set record = '[]', closed_at = coalesce(closed_at, now()), closed_because = coalesce(closed_because, 'retention is over')
where delivery_id = %(delivery_id)s;
