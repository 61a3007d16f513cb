update quarantine.records as stopped
set record_key = known.current
from (
    select distinct
        former,
        current
    from landing.pseudonyms
    where batch_id = %(batch_id)s
) as known
where stopped.source = %(source)s and stopped.record_key = known.former;
