with span as (
    select
        least(date '2022-01-01', min(date_trunc('year', reference_date)))::date as first_date,
        greatest(date '2023-12-31', max(date_trunc('year', reference_date) + interval '1 year - 1 day'))::date as last_date
    from {{ ref('int_current_deliveries') }}
),

calendar as (
    select day::date as calendar_date
    from span
    cross join generate_series(first_date, last_date, interval '1 day') as series (day)
),

final as (
    select
        calendar.calendar_date,
        extract(year from calendar.calendar_date)::integer as year_no,
        extract(quarter from calendar.calendar_date)::integer as quarter_no,
        extract(month from calendar.calendar_date)::integer as month_no,
        (array[
            'januari', 'februari', 'maart', 'april', 'mei', 'juni',
            'juli', 'augustus', 'september', 'oktober', 'november', 'december'
        ])[extract(month from calendar.calendar_date)] as month_name,
        extract(isoyear from calendar.calendar_date)::integer as iso_year,
        extract(week from calendar.calendar_date)::integer as iso_week,
        to_char(calendar.calendar_date, 'IYYY-"W"IW') as iso_week_code,
        date_trunc('week', calendar.calendar_date)::date as week_start_date,
        extract(isodow from calendar.calendar_date)::integer as weekday_no,
        (array[
            'maandag', 'dinsdag', 'woensdag', 'donderdag', 'vrijdag', 'zaterdag', 'zondag'
        ])[extract(isodow from calendar.calendar_date)] as weekday_name,
        extract(isodow from calendar.calendar_date) in (6, 7) as is_weekend,
        holidays.holiday_date is not null as is_public_holiday,
        holidays.name_nl as public_holiday_name
    from calendar
    left join {{ ref('public_holidays') }} as holidays on calendar.calendar_date = holidays.holiday_date
)

select * from final
