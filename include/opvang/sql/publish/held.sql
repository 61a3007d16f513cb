-- Quarantine is never a departure: a stopped record keeps the version that was published before, also after its quarantine
-- was closed; else the state would depend on when somebody closed it.
create temporary table held on commit drop as
select
    standing.supplier,
    standing.record_key,
    standing.row_no,
    {standing_content},
    standing.from_date as reference_from,
    standing.to_date as reference_to,
    standing.replaced_at as known_at,
    standing.delivery_id
from layer
inner join quarantine.records as stopped
    on layer.delivery_id = stopped.delivery_id and stopped.record_key is not null
inner join standing
    on
        layer.supplier = standing.supplier
        and stopped.record_key = standing.record_key
        and standing.reference_from < layer.reference_date
where
    layer.scope = {scope}
    and not exists (
        select from delivered
        where delivered.supplier = standing.supplier and delivered.record_key = standing.record_key
    );
