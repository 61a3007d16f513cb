update quarantine.records
set closed_at = now(), closed_because = %(because)s, closed_by = %(person)s
where quarantine_id = any(%(records)s);
