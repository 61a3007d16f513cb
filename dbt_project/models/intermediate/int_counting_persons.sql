{{ config(materialized='table', indexes=[{'columns': ['record_key']}]) }}

with deliveries as (
    select
        *,
        row_number() over (partition by supplier order by reference_date desc) as deliveries_ago
    from {{ ref('int_current_deliveries') }}
    where source = 'brp'
),

-- Records that are in quarantine in the latest delivery, since the first of the deliveries without a break.
held as (
    select
        supplier,
        record_key,
        min(reference_date) as held_from
    from (
        select
            deliveries.supplier,
            quarantined.record_key,
            deliveries.reference_date,
            deliveries.deliveries_ago
            - row_number() over (partition by deliveries.supplier, quarantined.record_key order by deliveries.deliveries_ago) as missed
        from deliveries
        inner join (
            select distinct
                delivery_id,
                record_key
            from {{ ref('stg_ops__quarantined_records') }}
            where record_key is not null
        ) as quarantined using (delivery_id)
    ) as stopped
    where missed = 0
    group by supplier, record_key
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
