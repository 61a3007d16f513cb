with results as (
    select
        deliveries.supplier,
        date_trunc('week', deliveries.reference_date)::date as week_start_date,
        results.rule,
        sum(results.records) as records
    from {{ ref('stg_ops__rule_results') }} as results
    inner join {{ ref('stg_ops__deliveries') }} as deliveries using (delivery_id)
    where deliveries.source = 'brp' and deliveries.covers <> 'none' and deliveries.superseded_at is null
    group by deliveries.supplier, date_trunc('week', deliveries.reference_date), results.rule
),

-- A rule's words as they were when it was last broken.
rules as (
    select distinct on (results.rule)
        results.rule,
        results.severity,
        results.reference,
        results.reason
    from {{ ref('stg_ops__rule_results') }} as results
    inner join {{ ref('stg_ops__deliveries') }} as deliveries using (delivery_id)
    where deliveries.source = 'brp'
    order by results.rule asc, results.delivery_id desc
),

faults as (
    select
        weeks.supplier,
        weeks.week_start_date,
        faults.rule,
        count(*) filter (where faults.to_date <= weeks.last_date) as faults_mended,
        percentile_cont(0.5) within group (
            order by case when faults.to_date <= weeks.last_date then faults.to_date - faults.from_date end
        ) as median_days_to_mend,
        count(*) filter (where faults.to_date > weeks.last_date) as faults_open,
        percentile_cont(0.5) within group (
            order by case when faults.to_date > weeks.last_date then weeks.last_date - faults.from_date end
        ) as median_days_open,
        max(weeks.last_date - faults.from_date) filter (where faults.to_date > weeks.last_date) as most_days_open
    from {{ ref('int_supplier_weeks') }} as weeks
    inner join {{ ref('int_person_list_faults') }} as faults
        on
            weeks.supplier = faults.supplier
            and weeks.last_date >= faults.from_date
            and weeks.week_start_date <= faults.to_date
    group by weeks.supplier, weeks.week_start_date, faults.rule
),

counted as (
    select
        supplier,
        week_start_date,
        rule,
        coalesce(results.records, 0)::bigint as records,
        coalesce(faults.faults_mended, 0)::integer as faults_mended,
        faults.median_days_to_mend::numeric(7, 1) as median_days_to_mend,
        coalesce(faults.faults_open, 0)::integer as faults_open,
        faults.median_days_open::numeric(7, 1) as median_days_open,
        faults.most_days_open::integer as most_days_open
    from results
    full join faults using (supplier, week_start_date, rule)
),

final as (
    select
        counted.supplier,
        counted.week_start_date,
        counted.rule,
        rules.severity,
        rules.reference,
        rules.reason,
        counted.records,
        counted.faults_mended,
        counted.median_days_to_mend,
        counted.faults_open,
        counted.median_days_open,
        counted.most_days_open
    from counted
    inner join rules using (rule)
)

select * from final
