-- Rows of which nothing stood at that time: there is nothing to cut or to join them to.
insert into {raw} ({key}, {content}, reference_from, reference_to, known_from, known_to, delivery_id)
select
    {said_key},
    {said_content},
    said.reference_from,
    said.reference_to,
    said.known_at,
    'infinity',
    said.delivery_id
from said
where not exists (
    select from standing
    where
        said.supplier = standing.supplier
        and said.record_key = standing.record_key
        and said.row_no = standing.row_no
);
