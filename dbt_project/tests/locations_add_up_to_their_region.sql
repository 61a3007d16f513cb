with locations as (
    select
        safety_region_code,
        sum(places_available) as places_available
    from {{ ref('free_places_by_location') }}
    group by safety_region_code
),

final as (
    select regions.safety_region_code
    from {{ ref('reception_by_region_day') }} as regions
    left join locations on regions.safety_region_code = locations.safety_region_code
    where
        regions.reference_date = (select max(latest.reference_date) from {{ ref('reception_by_region_day') }} as latest)
        and coalesce(regions.places_available, 0) <> coalesce(locations.places_available, 0)
)

select * from final
