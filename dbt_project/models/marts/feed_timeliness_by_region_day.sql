-- A replay reads a report again: one that it published came when it came.
with judged as (
    select
        covers as safety_region_code,
        reference_date,
        coalesce(replay_of, delivery_id) as report,
        min(received_at) as received_at,
        bool_or(verdict <> 'refused') as is_published
    from {{ ref('stg_ops__deliveries') }}
    where source = 'reception' and covers <> 'none' and verdict is not null
    group by covers, reference_date, coalesce(replay_of, delivery_id)
),

reports as (
    select
        safety_region_code,
        reference_date,
        min(received_at) filter (where is_published) as first_received_at,
        count(*) filter (where not is_published) as reports_refused,
        count(*) filter (where is_published) as reports_published
    from judged
    group by safety_region_code, reference_date
),

contracts as (
    select * from {{ ref('stg_ops__contracts') }}
    where source = 'reception'
),

-- A report is due at the end of the day that it is about, Dutch time.
expected as (
    select
        reception.reference_date,
        reception.safety_region_code,
        (reception.reference_date + contracts.frequency_days)::timestamp at time zone 'Europe/Amsterdam' as due_at
    from {{ ref('int_reception_by_region_day') }} as reception
    cross join contracts
),

final as (
    select
        expected.reference_date,
        expected.safety_region_code,
        regions.safety_region_name,
        expected.due_at,
        reports.first_received_at,
        case
            when reports.first_received_at is null then 'missing'
            when reports.first_received_at > expected.due_at then 'late'
            else 'on_time'
        end as timeliness,
        case
            when reports.first_received_at is not null
                then greatest(extract(epoch from reports.first_received_at - expected.due_at) / 3600, 0)
        end::numeric(8, 1) as hours_late,
        coalesce(reports.reports_published, 0)::integer as reports_published,
        coalesce(reports.reports_refused, 0)::integer as reports_refused
    from expected
    inner join {{ ref('stg_reference__safety_regions') }} as regions using (safety_region_code)
    left join reports using (safety_region_code, reference_date)
)

select * from final
