{{ config(materialized='table') }}

with deliveries as (
    select
        *,
        row_number() over (partition by supplier order by reference_date desc) as deliveries_ago
    from {{ ref('int_current_deliveries') }}
    where source = 'brp'
),

-- The deliveries in which a record was in quarantine, as stretches without a break.
stopped as (
    select
        deliveries.supplier,
        quarantined.record_key,
        range_agg(int8range(deliveries.deliveries_ago, deliveries.deliveries_ago + 1)) as deliveries_ago
    from deliveries
    inner join {{ ref('stg_ops__quarantined_records') }} as quarantined using (delivery_id)
    where quarantined.record_key is not null
    group by deliveries.supplier, quarantined.record_key
),

-- Records that are in quarantine in the latest delivery, since the first of the deliveries without a break.
held as (
    select
        stopped.supplier,
        stopped.record_key,
        deliveries.reference_date as held_from
    from stopped
    cross join unnest(stopped.deliveries_ago) as stretch (ago)
    inner join deliveries on stopped.supplier = deliveries.supplier and upper(stretch.ago) - 1 = deliveries.deliveries_ago
    where stretch.ago @> 1::bigint
),

final as (
    select
        versions.record_key,
        versions.supplier,
        versions.version_until,
        versions.sex,
        versions.birth_earliest_date,
        versions.birth_latest_date,
        versions.ended_on,
        versions.ended_by,
        held.held_from
    from {{ ref('int_person_versions') }} as versions
    left join held on versions.supplier = held.supplier and versions.record_key = held.record_key
    where versions.known_until = 'infinity'
)

select * from final
