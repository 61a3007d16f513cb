{{ config(materialized='table') }}

with rules as (
    select * from {{ ref('population_definitions') }}
    where definition = 'came_from_ukraine'
),

selections as (
    select distinct on (reference_date) *
    from {{ ref('int_current_deliveries') }}
    where source = 'brp' and covers = 'all'
    order by reference_date asc, received_at desc
),

residences as (
    select residences.*
    from {{ ref('stg_brp__residences') }} as residences
    inner join rules
        on
            residences.country_from_code = rules.country_from_code
            and residences.settled_latest_date >= rules.settled_on_or_after
    where
        residences.history_no = 0
        and residences.known_to = 'infinity'
        and residences.incorrect_mark is null
        and residences.municipality_code not in ('0000', '1999')
        and residences.supplier in (select supplier from selections)
),

versions as (
    select
        greatest(persons.reference_from, residences.reference_from) as from_date,
        least(persons.reference_to, residences.reference_to, persons.suspended_earliest_date) as to_date
    from residences
    inner join {{ ref('stg_brp__persons') }} as persons
        on
            residences.supplier = persons.supplier
            and residences.record_key = persons.record_key
            and residences.reference_from < persons.reference_to
            and residences.reference_to > persons.reference_from
            and persons.known_to = 'infinity'
),

changes as (
    select
        from_date as reference_date,
        1 as persons
    from versions
    where from_date < to_date
    union all
    select
        to_date as reference_date,
        -1 as persons
    from versions
    where from_date < to_date and to_date < 'infinity'
    union all
    select
        reference_date,
        0 as persons
    from selections
),

running as (
    select
        reference_date,
        sum(sum(persons)) over (order by reference_date)::integer as registered
    from changes
    group by reference_date
),

final as (
    select
        selections.reference_date,
        selections.next_reference_date,
        running.registered
    from selections
    inner join running on selections.reference_date = running.reference_date
)

select * from final
