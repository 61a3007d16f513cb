-- One row per delivery of a batch, for the rules on deliveries: its size, its share in quarantine, and whether its bytes came before.
create or replace view landing.deliveries_in_batch as
with stopped as (
    select
        delivery_id,
        count(distinct record_no) as records
    from landing.breaches
    where severity = 'critical'
    group by delivery_id
)

select
    this.batch_id,
    this.delivery_id,
    0 as record_no,
    this.supplier,
    this.reference_date,
    this.records_read,
    previous.records_read as previous_records_read,
    round(100.0 * this.records_read / nullif(previous.records_read, 0), 1) as pct_of_previous,
    round(100.0 * coalesce(stopped.records, 0) / nullif(this.records_read, 0), 1) as quarantined_pct,
    same.reference_date as same_as_reference_date
from ops.deliveries as this
left join stopped using (delivery_id)
left join lateral (
    select earlier.records_read
    from ops.deliveries as earlier
    where
        earlier.source = this.source
        and earlier.supplier = this.supplier
        and earlier.scope = this.scope
        and earlier.reference_date < this.reference_date
        and earlier.superseded_at is null
        and (earlier.verdict <> 'refused' or (earlier.batch_id = this.batch_id and earlier.refused_because is null))
    order by earlier.reference_date desc
    limit 1
) as previous on true
left join lateral (
    select max(earlier.reference_date) as reference_date
    from ops.deliveries as earlier
    where
        earlier.source = this.source
        and earlier.supplier = this.supplier
        and earlier.sha256 = this.sha256
        and earlier.reference_date < this.reference_date
        and (earlier.verdict <> 'refused' or (earlier.batch_id = this.batch_id and earlier.refused_because is null))
) as same on true
where
    this.batch_id = current_setting('opvang.batch_id')::bigint
    and this.refused_because is null;
