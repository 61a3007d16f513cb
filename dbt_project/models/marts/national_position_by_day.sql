with reception as (
    select
        reference_date,
        sum(places_available)::integer as places_available,
        sum(places_in_use)::integer as places_in_use,
        (count(*) filter (where report_date = reference_date))::integer as regions_reporting,
        (count(*) filter (where report_date < reference_date))::integer as regions_carried_forward,
        (count(*) filter (where report_date is null))::integer as regions_without_report,
        max(reference_date - report_date) as oldest_report_days
    from {{ ref('int_reception_by_region_day') }}
    group by reference_date
),

latest as (
    select max(reference_date) as last_date from {{ ref('int_registrations_by_municipality_day') }}
),

known_on_last_date as (
    select registrations.municipality_code
    from {{ ref('int_registrations_by_municipality_day') }} as registrations
    inner join latest on registrations.reference_date = latest.last_date
    where registrations.definition = 'came_from_ukraine'
),

municipalities_known as (
    select bool_and(municipalities.municipality_code in (select known.municipality_code from known_on_last_date as known)) as is_all
    from {{ ref('int_municipalities') }} as municipalities
    cross join latest
    where
        coalesce(municipalities.valid_from, '-infinity') <= latest.last_date
        and coalesce(municipalities.valid_until, 'infinity') > latest.last_date
),

registrations as (
    select
        reference_date,
        sum(registered)::integer as registered_in_brp,
        sum(registered_held)::integer as registered_held
    from {{ ref('int_registrations_by_municipality_day') }}
    cross join municipalities_known
    -- As long as only some municipalities are known there is no national number.
    where definition = 'came_from_ukraine' and municipalities_known.is_all
    group by reference_date
),

-- Of two targets announced on one day the one that is due later asks for more.
targets as (
    select distinct on (reception.reference_date)
        reception.reference_date,
        targets.target_places,
        targets.due_date as target_due_date
    from reception
    inner join {{ ref('stg_reference__reception_targets') }} as targets
        on reception.reference_date >= targets.announced_latest_date
    order by reception.reference_date asc, targets.announced_latest_date desc, targets.due_date desc
),

final as (
    select
        reception.reference_date,
        reception.places_available,
        reception.places_in_use,
        round(100.0 * reception.places_in_use / nullif(reception.places_available, 0), 1)::numeric(5, 1) as occupancy_pct,
        registrations.registered_in_brp,
        selected.registered as registered_in_brp_first_known,
        targets.target_places,
        targets.target_due_date,
        targets.target_places - least(reception.places_available, targets.target_places) as places_short_of_target,
        reception.regions_reporting,
        registrations.registered_held,
        reception.regions_carried_forward,
        reception.regions_without_report,
        reception.oldest_report_days
    from reception
    left join registrations on reception.reference_date = registrations.reference_date
    left join {{ ref('int_registered_as_selected') }} as selected
        on reception.reference_date >= selected.reference_date and reception.reference_date < selected.next_reference_date
    left join targets on reception.reference_date = targets.reference_date
)

select * from final
