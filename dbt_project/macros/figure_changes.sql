{#
    What the deliveries since `builds.restated_from` changed in the day figures: CTEs that end in `figure_changes`, one row per cell
    (figure, reference_date, definition, municipality_code) and moment, with the difference that it made; the first of a day is its first value.
    A version of a spell adds its persons at the moment since which it is known, and takes them away at that until which it was.
#}
{% macro figure_changes() %}
spell_changes as (
    select
        spells.*,
        case when spells.known_from >= builds.restated_from then spells.known_from else '-infinity' end as known_at,
        1 as sign
    from {{ ref('int_registration_spell_versions') }} as spells
    cross join builds
    where spells.known_until >= builds.restated_from
    union all
    select
        spells.*,
        spells.known_until as known_at,
        -1 as sign
    from {{ ref('int_registration_spell_versions') }} as spells
    cross join builds
    where spells.known_until >= builds.restated_from and spells.known_until < 'infinity'
),

events as (
    select
        spell_changes.definition,
        place.municipality_code,
        told.figure,
        told.reference_date,
        spell_changes.known_at,
        sum(spell_changes.sign * told.persons) as persons
    from spell_changes
    cross join lateral (
        values
        ('registered', spell_changes.from_date, 1),
        ('registered', spell_changes.to_date, -1),
        (spell_changes.came_by, spell_changes.from_date, 1),
        (spell_changes.left_by, spell_changes.to_date, case spell_changes.left_by when 'boundary_change' then -1 else 1 end)
    ) as told (figure, reference_date, persons)
    cross join lateral (values (spell_changes.municipality_code), ('NL')) as place (municipality_code)
    where told.reference_date < 'infinity' and told.figure is not null
    group by spell_changes.definition, place.municipality_code, told.figure, told.reference_date, spell_changes.known_at
    having sum(spell_changes.sign * told.persons) <> 0
),

-- Until which day the figures were known before each of these moments, or before the builds.
dated_events as (
    select
        events.*,
        coalesce(known_before.last_date, (select min(days.after_date) from {{ ref('int_days_known') }} as days)) as known_until_date
    from (
        select distinct
            known_events.municipality_code,
            known_events.known_at
        from events as known_events
    ) as moments
    cross join builds
    left join lateral (
        select days.last_date
        from {{ ref('int_days_known') }} as days
        where
            days.municipality_code = moments.municipality_code
            and days.known_at < greatest(moments.known_at, builds.restated_from)
        order by days.known_at desc
        limit 1
    ) as known_before on true
    inner join events on moments.municipality_code = events.municipality_code and moments.known_at = events.known_at
),

-- The days that became known, each with its first moment.
new_days as (
    select
        days.municipality_code,
        series.day::date as reference_date,
        days.known_at
    from {{ ref('int_days_known') }} as days
    inner join builds on days.known_at >= builds.restated_from
    cross join lateral generate_series(days.after_date + 1, days.last_date, interval '1 day') as series (day)
    left join {{ ref('int_municipalities') }} as municipalities on days.municipality_code = municipalities.municipality_code
    where
        days.municipality_code = 'NL'
        or (series.day >= coalesce(municipalities.valid_from, '-infinity') and series.day <= coalesce(municipalities.valid_until, 'infinity'))
),

first_registered as (
    select
        'registered' as figure,
        new_days.reference_date,
        labels.definition,
        new_days.municipality_code,
        new_days.known_at,
        sum(coalesce(entering.persons, 0)) over (
            partition by labels.definition, new_days.municipality_code order by new_days.reference_date
        ) as change
    from new_days
    cross join {{ ref('definition_labels') }} as labels
    left join (
        select
            dated_events.definition,
            dated_events.municipality_code,
            greatest(dated_events.reference_date, dated_events.known_until_date + 1) as reference_date,
            sum(dated_events.persons) as persons
        from dated_events
        where dated_events.figure = 'registered'
        group by 1, 2, 3
    ) as entering
        on
            labels.definition = entering.definition
            and new_days.municipality_code = entering.municipality_code
            and new_days.reference_date = entering.reference_date
),

first_flows as (
    select
        dated_events.figure,
        dated_events.reference_date,
        dated_events.definition,
        dated_events.municipality_code,
        new_days.known_at,
        sum(dated_events.persons) as change
    from dated_events
    inner join new_days using (municipality_code, reference_date)
    where dated_events.figure <> 'registered' and dated_events.reference_date > dated_events.known_until_date
    group by 1, 2, 3, 4, 5
),

restated_flows as (
    select
        figure,
        reference_date,
        definition,
        municipality_code,
        known_at,
        persons as change
    from dated_events
    where figure <> 'registered' and known_at > '-infinity' and reference_date <= known_until_date
),

-- From each day on which a moment changes the stock until the next such day, as far as was known.
restated_registered as (
    select
        stretches.figure,
        series.day::date as reference_date,
        stretches.definition,
        stretches.municipality_code,
        stretches.known_at,
        stretches.change
    from (
        select
            dated_events.*,
            sum(dated_events.persons) over moment as change,
            lead(dated_events.reference_date, 1, dated_events.known_until_date + 1) over moment as next_date
        from dated_events
        where
            dated_events.figure = 'registered'
            and dated_events.known_at > '-infinity'
            and dated_events.reference_date <= dated_events.known_until_date
        window moment as (
            partition by dated_events.definition, dated_events.municipality_code, dated_events.known_at order by dated_events.reference_date
        )
    ) as stretches
    cross join lateral generate_series(stretches.reference_date, stretches.next_date - 1, interval '1 day') as series (day)
    where stretches.change <> 0
),

figure_changes as (
    select * from first_registered
    union all
    select * from first_flows
    union all
    select * from restated_flows
    union all
    select * from restated_registered
)
{% endmacro %}
