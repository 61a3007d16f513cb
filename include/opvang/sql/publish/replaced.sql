-- What stands in the time that the layer speaks about and isn't just what it says.
create temporary table replaced on commit drop as
with standing as (
    select
        standing.*,
        layer.reference_date as from_date,
        coalesce(held_until.reference_to, layer.next_reference_date) as to_date,
        layer.received_at as replaced_at
    from layer
    inner join {raw} as standing on layer.supplier = standing.supplier and standing.known_to = 'infinity'
    left join held_until on standing.supplier = held_until.supplier and standing.record_key = held_until.record_key
    where
        layer.scope = %(scope)s
        and not layer.is_outdated
        and standing.reference_from < coalesce(held_until.reference_to, layer.next_reference_date)
        and standing.reference_to > layer.reference_date
),

confirmed as (
    delete from incoming
    using standing
    where
        incoming.supplier = standing.supplier
        and incoming.record_key = standing.record_key
        and incoming.row_no = standing.row_no
        and standing.reference_from <= incoming.reference_from
        and standing.reference_to >= incoming.reference_to
        and ({incoming_content}) is not distinct from ({raw_content})
    returning standing.row_id
)

select *
from standing
where row_id not in (select confirmed.row_id from confirmed);
