-- The same content just before or after: one row will tell it, whatever the order in which deliveries came.
insert into replaced
select standing.*
from incoming
inner join standing
    on
        incoming.supplier = standing.supplier
        and incoming.record_key = standing.record_key
        and incoming.row_no = standing.row_no
        and (standing.reference_to = incoming.reference_from or standing.reference_from = incoming.reference_to)
        and ({incoming_content}) is not distinct from ({standing_content});
