with spells as (
    select * from {{ ref('int_registration_spells') }}
),

persons as (
    select
        record_key,
        coalesce(sex, 'O') as sex,
        birth_earliest_date,
        birth_latest_date
    from {{ ref('int_counting_persons') }}
),

-- The days on which a person is surely in a band, whatever the unknown parts of the date of birth are.
in_band as (
    select
        persons.record_key,
        bands.age_band,
        (persons.birth_latest_date + make_interval(years => bands.from_age))::date as from_date,
        coalesce((persons.birth_earliest_date + make_interval(years => bands.until_age))::date, 'infinity') as to_date
    from persons
    cross join {{ ref('age_bands') }} as bands
),

sure as (
    select
        spells.definition,
        in_band.age_band,
        persons.sex,
        greatest(spells.from_date, in_band.from_date) as from_date,
        least(spells.to_date, in_band.to_date) as to_date
    from spells
    inner join persons on spells.record_key = persons.record_key
    inner join in_band
        on
            spells.record_key = in_band.record_key
            and in_band.from_date < in_band.to_date
            and spells.from_date < in_band.to_date
            and spells.to_date > in_band.from_date
),

changes as (
    select
        definition,
        age_band,
        sex,
        from_date as change_date,
        1 as persons
    from sure
    union all
    select
        definition,
        age_band,
        sex,
        to_date as change_date,
        -1 as persons
    from sure
    where to_date < 'infinity'
    -- Who counts but is surely in no band is in the band unknown.
    union all
    select
        spells.definition,
        'unknown' as age_band,
        persons.sex,
        spells.from_date as change_date,
        1 as persons
    from spells
    inner join persons on spells.record_key = persons.record_key
    union all
    select
        spells.definition,
        'unknown' as age_band,
        persons.sex,
        spells.to_date as change_date,
        -1 as persons
    from spells
    inner join persons on spells.record_key = persons.record_key
    where spells.to_date < 'infinity'
    union all
    select
        definition,
        'unknown' as age_band,
        sex,
        from_date as change_date,
        -1 as persons
    from sure
    union all
    select
        definition,
        'unknown' as age_band,
        sex,
        to_date as change_date,
        1 as persons
    from sure
    where to_date < 'infinity'
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
