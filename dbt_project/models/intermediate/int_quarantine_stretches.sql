{{ config(materialized='table') }}

with stopped as (
    select
        quarantined.supplier,
        quarantined.record_key,
        quarantined.rules,
        range_agg(daterange(deliveries.reference_date, deliveries.next_reference_date)) as dates
    from {{ ref('stg_ops__quarantined_records') }} as quarantined
    inner join {{ ref('int_current_deliveries') }} as deliveries using (delivery_id)
    where quarantined.source = 'brp' and quarantined.record_key is not null
    group by quarantined.supplier, quarantined.record_key, quarantined.rules
),

final as (
    select
        stopped.supplier,
        stopped.record_key,
        stopped.rules,
        lower(stretch.dates) as from_date,
        upper(stretch.dates) as to_date
    from stopped
    cross join unnest(stopped.dates) as stretch (dates)
)

select * from final
