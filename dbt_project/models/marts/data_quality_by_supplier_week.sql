with weeks as (
    select * from {{ ref('int_supplier_weeks') }}
),

files as (
    select
        supplier,
        reference_date,
        verdict,
        received_at,
        lag(reference_date) over (partition by supplier order by reference_date, received_at) as previous_reference_date
    from {{ ref('stg_ops__deliveries') }}
    where source = 'brp' and replay_of is null and verdict is not null
),

delivered as (
    select
        files.supplier,
        date_trunc('week', files.reference_date)::date as week_start_date,
        count(*) as deliveries,
        count(*) filter (
            where
            files.reference_date - files.previous_reference_date > contracts.frequency_days
            or (files.received_at at time zone 'Europe/Amsterdam')::date - files.reference_date > contracts.frequency_days
        ) as deliveries_late,
        count(*) filter (where files.verdict = 'refused') as deliveries_refused
    from files
    inner join {{ ref('stg_ops__contracts') }} as contracts on contracts.source = 'brp'
    group by files.supplier, date_trunc('week', files.reference_date)
),

accounted as (
    select
        supplier,
        date_trunc('week', reference_date)::date as week_start_date,
        sum(records_read) as records_read,
        sum(records_published) as records_published,
        sum(records_flagged) as records_flagged,
        sum(records_quarantined) as records_quarantined,
        sum(records_refused) as records_refused
    from {{ ref('stg_ops__deliveries') }}
    where source = 'brp' and verdict is not null and superseded_at is null
    group by supplier, date_trunc('week', reference_date)
),

faults as (
    select * from {{ ref('int_faults_by_supplier_week') }}
    where is_of_all_rules
),

final as (
    select
        weeks.supplier,
        weeks.week_start_date,
        coalesce(delivered.deliveries, 0)::integer as deliveries,
        coalesce(delivered.deliveries_late, 0)::integer as deliveries_late,
        coalesce(delivered.deliveries_refused, 0)::integer as deliveries_refused,
        coalesce(accounted.records_read, 0)::bigint as records_read,
        coalesce(accounted.records_published, 0)::bigint as records_published,
        coalesce(accounted.records_flagged, 0)::bigint as records_flagged,
        coalesce(accounted.records_quarantined, 0)::bigint as records_quarantined,
        coalesce(accounted.records_refused, 0)::bigint as records_refused,
        coalesce(faults.faults_mended, 0) as faults_mended,
        faults.median_days_to_mend,
        coalesce(faults.faults_open, 0) as faults_open,
        faults.median_days_open,
        faults.most_days_open
    from weeks
    left join delivered using (supplier, week_start_date)
    left join accounted using (supplier, week_start_date)
    left join faults using (supplier, week_start_date)
)

select * from final
