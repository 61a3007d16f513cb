with heard as (
    select
        supplier,
        min(reference_date) as first_date
    from {{ ref('stg_ops__deliveries') }}
    where source = 'brp' and covers <> 'none' and verdict is not null
    group by supplier
),

last_heard as (
    select max(reference_date) as last_date
    from {{ ref('stg_ops__deliveries') }}
    where source = 'brp' and covers <> 'none' and verdict is not null
),

final as (
    select
        heard.supplier,
        week::date as week_start_date,
        least(week::date + 6, last_heard.last_date) as last_date
    from heard
    cross join last_heard
    cross join generate_series(date_trunc('week', heard.first_date), last_heard.last_date, interval '1 week') as series (week)
)

select * from final
