select
    quarantine_id,
    closed_at is null as is_open,
    closed_because
from quarantine.records
where quarantine_id = any(%(records)s)
for update;
