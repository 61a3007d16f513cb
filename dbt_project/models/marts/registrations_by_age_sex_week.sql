with changes as (
    select
        stretches.definition,
        stretches.age_band,
        stretches.sex,
        change.change_date,
        change.sign * stretches.persons as persons
    from {{ ref('int_age_band_stretches') }} as stretches
    cross join lateral (values (stretches.from_date, 1), (stretches.to_date, -1)) as change (change_date, sign)
),

span as (
    select
        min(reference_date) as first_date,
        max(reference_date) as last_date
    from {{ ref('int_registrations_by_municipality_day') }}
),

weeks as (
    select
        series.week_start::date as week_start_date,
        least((series.week_start + interval '6 days')::date, span.last_date) as reference_date
    from span
    cross join
        lateral generate_series(date_trunc('week', span.first_date), span.last_date, interval '1 week') as series (week_start)
),

by_week as (
    select
        changes.definition,
        changes.age_band,
        changes.sex,
        date_trunc('week', greatest(changes.change_date, span.first_date))::date as week_start_date,
        sum(changes.persons) as persons
    from changes
    cross join span
    where changes.change_date <= span.last_date
    group by changes.definition, changes.age_band, changes.sex, date_trunc('week', greatest(changes.change_date, span.first_date))
),

bands as (
    select age_band from {{ ref('age_bands') }}
    union all
    select 'unknown' as age_band
),

final as (
    select
        weeks.week_start_date,
        weeks.reference_date,
        definitions.definition,
        bands.age_band,
        sexes.sex,
        coalesce(
            sum(by_week.persons) over (
                partition by definitions.definition, bands.age_band, sexes.sex order by weeks.week_start_date
            ), 0
        )::integer as registered
    from weeks
    cross join {{ ref('definition_labels') }} as definitions
    cross join bands
    cross join (values ('M'), ('V'), ('O')) as sexes (sex)
    left join by_week
        on
            weeks.week_start_date = by_week.week_start_date
            and definitions.definition = by_week.definition
            and bands.age_band = by_week.age_band
            and sexes.sex = by_week.sex
)

select * from final
