with regions as (
    select
        reference_date,
        sum(places_available) as places_available,
        sum(places_in_use) as places_in_use,
        count(*) filter (where not is_stale) as regions_reporting
    from {{ ref('reception_by_region_day') }}
    group by reference_date
),

municipalities as (
    select
        reference_date,
        sum(registered) as registered
    from {{ ref('registrations_by_municipality_day') }}
    where definition = 'came_from_ukraine'
    group by reference_date
),

final as (
    select national.reference_date
    from {{ ref('national_position_by_day') }} as national
    full join regions on national.reference_date = regions.reference_date
    left join municipalities on national.reference_date = municipalities.reference_date
    where
        national.places_available is distinct from regions.places_available
        or national.places_in_use is distinct from regions.places_in_use
        or national.regions_reporting is distinct from regions.regions_reporting
        or national.registered_in_brp <> municipalities.registered
)

select * from final
