{{ config(materialized='table') }}

with lived as (
    select
        weeks.supplier,
        weeks.week_start_date,
        faults.rule,
        case when faults.to_date <= weeks.last_date then faults.to_date - faults.from_date end as days_to_mend,
        case when faults.to_date > weeks.last_date then weeks.last_date - faults.from_date end as days_open
    from {{ ref('int_supplier_weeks') }} as weeks
    inner join {{ ref('int_person_list_faults') }} as faults
        on
            weeks.supplier = faults.supplier
            and weeks.last_date >= faults.from_date
            and weeks.week_start_date <= faults.to_date
),

-- By rule and for all rules together, for medians don't add up.
final as (
    select
        supplier,
        week_start_date,
        rule,
        grouping(rule) = 1 as is_of_all_rules,
        count(days_to_mend)::integer as faults_mended,
        (percentile_cont(0.5) within group (order by days_to_mend))::numeric(7, 1) as median_days_to_mend,
        count(days_open)::integer as faults_open,
        (percentile_cont(0.5) within group (order by days_open))::numeric(7, 1) as median_days_open,
        max(days_open) as most_days_open
    from lived
    group by grouping sets ((supplier, week_start_date), (supplier, week_start_date, rule))
)

select * from final
