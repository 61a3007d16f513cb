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

-- Who counts is in the band unknown, but for the days on which another one is sure.
final as (
    select
        spells.definition,
        'unknown' as age_band,
        persons.sex,
        spells.from_date,
        spells.to_date,
        1 as persons
    from spells
    inner join persons on spells.record_key = persons.record_key
    union all
    select
        sure.definition,
        band.age_band,
        sure.sex,
        sure.from_date,
        sure.to_date,
        band.persons
    from sure
    cross join lateral (values (sure.age_band, 1), ('unknown', -1)) as band (age_band, persons)
)

select * from final
