with by_rule as (
    select
        supplier,
        week_start_date,
        sum(faults_mended) as faults_mended,
        sum(faults_open) as faults_open
    from {{ ref('data_quality_by_supplier_week_rule') }}
    group by supplier, week_start_date
),

final as (
    select weeks.supplier
    from {{ ref('data_quality_by_supplier_week') }} as weeks
    left join by_rule using (supplier, week_start_date)
    where
        weeks.faults_mended <> coalesce(by_rule.faults_mended, 0)
        or weeks.faults_open <> coalesce(by_rule.faults_open, 0)
        or weeks.records_read <> weeks.records_published + weeks.records_quarantined + weeks.records_refused
        or weeks.deliveries < weeks.deliveries_late
)

select * from final
