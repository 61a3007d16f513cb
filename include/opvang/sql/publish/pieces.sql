-- What will stand instead: what was replaced, before and after the layer's time, and what the layer says.
create temporary table pieces on commit drop as
select
    {key},
    {content},
    reference_from,
    least(reference_to, from_date) as reference_to,
    replaced_at as known_from,
    delivery_id
from replaced
where reference_from < from_date
union all
select
    {key},
    {content},
    greatest(reference_from, to_date),
    reference_to,
    replaced_at,
    delivery_id
from replaced
where reference_to > to_date
union all
select
    {key},
    {content},
    reference_from,
    reference_to,
    known_at,
    delivery_id
from incoming;
