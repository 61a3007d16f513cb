with marked as (
    select
        *,
        coalesce(lag(reference_to) over stretch = reference_from, false) as goes_on
    from pieces
    window stretch as (partition by {key}, {content} order by reference_from)
),

numbered as (
    select
        *,
        count(*) filter (where not goes_on) over (partition by {key}, {content} order by reference_from) as stretch_no
    from marked
)

insert into {raw} ({key}, {content}, reference_from, reference_to, known_from, known_to, delivery_id)
select
    {key},
    {content},
    min(reference_from),
    max(reference_to),
    max(known_from),
    'infinity',
    (array_agg(delivery_id order by reference_from))[1]
from numbered
group by {key}, {content}, stretch_no;
drop view said;
drop table held, standing, incoming, replaced, pieces;
drop view delivered;
