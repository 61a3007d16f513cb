-- The same content just before or after: one row will tell it, whatever the order in which deliveries came.
insert into replaced
select
    standing.*,
    incoming.reference_from,
    incoming.reference_to,
    incoming.received_at
from incoming
inner join {raw} as standing
    on
        incoming.supplier = standing.supplier
        and incoming.record_key = standing.record_key
        and incoming.row_no = standing.row_no
        and standing.known_to = 'infinity'
        and (standing.reference_to = incoming.reference_from or standing.reference_from = incoming.reference_to)
        and ({incoming_content}) is not distinct from ({raw_content});
