{{ config(materialized='table') }}

-- Materialized: the dates are made once a delivery, not once a record.
with deliveries as materialized (
    select
        delivery_id,
        daterange(reference_date, next_reference_date) as dates
    from {{ ref('int_current_deliveries') }}
),

stopped as (
    select
        quarantined.supplier,
        quarantined.record_key,
        quarantined.rules,
        range_agg(deliveries.dates) as dates
    from {{ ref('stg_ops__quarantined_records') }} as quarantined
    inner join deliveries using (delivery_id)
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
