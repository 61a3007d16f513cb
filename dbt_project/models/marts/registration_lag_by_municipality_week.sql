with persons as (
    select distinct
        definition,
        record_key
    from {{ ref('int_registration_spells') }}
),

first_days as (
    select
        definition,
        min(valid_from) as first_date
    from {{ ref('population_definitions') }}
    group by definition
),

-- A settlement stands in every row until the next one: it was recorded in the first of them.
settlements as (
    select distinct on (counting.record_key, residences.settled_as_delivered)
        counting.record_key,
        'GM' || residences.municipality_code as registered_in_code,
        residences.settled_earliest_date,
        residences.settled_latest_date,
        residences.recorded_earliest_date = residences.recorded_latest_date as is_recorded_on_a_day,
        -- What was recorded on no one day is put in the week in which it was first delivered.
        case
            when residences.recorded_earliest_date = residences.recorded_latest_date then residences.recorded_earliest_date
            else residences.reference_from
        end as recorded_date
    from {{ ref('int_counting_persons') }} as counting
    inner join {{ ref('stg_brp__residences') }} as residences
        on
            counting.supplier = residences.supplier
            and counting.record_key = residences.record_key
            and counting.version_until = residences.reference_to
    where residences.known_to = 'infinity' and residences.incorrect_mark is null and residences.settled_as_delivered is not null
    order by counting.record_key asc, residences.settled_as_delivered asc, residences.history_no desc
),

recorded as (
    select
        persons.definition,
        successors.municipality_code,
        date_trunc('week', settlements.recorded_date)::date as week_start_date,
        case
            when
                settlements.is_recorded_on_a_day
                and settlements.settled_earliest_date = settlements.settled_latest_date
                and settlements.recorded_date >= settlements.settled_earliest_date
                then settlements.recorded_date - settlements.settled_earliest_date
        end as days_to_registration
    from persons
    inner join first_days on persons.definition = first_days.definition
    inner join settlements
        on
            persons.record_key = settlements.record_key
            and first_days.first_date <= settlements.settled_latest_date
    inner join {{ ref('int_municipality_successors') }} as successors
        on
            settlements.registered_in_code = successors.code
            and settlements.recorded_date >= successors.valid_from
            and settlements.recorded_date < successors.valid_until
),

final as (
    select
        definition,
        municipality_code,
        week_start_date,
        count(days_to_registration)::integer as registered,
        (percentile_cont(0.5) within group (order by days_to_registration))::numeric(7, 1) as median_days,
        (percentile_cont(0.9) within group (order by days_to_registration))::numeric(7, 1) as p90_days,
        count(*) filter (where days_to_registration is null)::integer as left_out
    from recorded
    group by definition, municipality_code, week_start_date
)

select * from final
