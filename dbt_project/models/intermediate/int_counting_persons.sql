{{ config(materialized='table') }}

-- Whatever the rules were: since the first of the deliveries that stopped a record without a break.
with stopped as (
    select
        supplier,
        record_key,
        range_agg(daterange(from_date, to_date)) as dates
    from {{ ref('int_quarantine_stretches') }}
    group by supplier, record_key
),

held as (
    select
        stopped.supplier,
        stopped.record_key,
        lower(stretch.dates) as held_from
    from stopped
    cross join unnest(stopped.dates) as stretch (dates)
    where upper(stretch.dates) = 'infinity'
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
