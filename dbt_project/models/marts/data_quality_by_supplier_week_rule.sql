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
    select * from {{ ref('int_faults_by_supplier_week') }}
    where not is_of_all_rules
),

counted as (
    select
        supplier,
        week_start_date,
        rule,
        coalesce(results.records, 0)::bigint as records,
        coalesce(faults.faults_mended, 0) as faults_mended,
        faults.median_days_to_mend,
        coalesce(faults.faults_open, 0) as faults_open,
        faults.median_days_open,
        faults.most_days_open
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
