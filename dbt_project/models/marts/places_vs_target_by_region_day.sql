with targets as (
    select * from {{ ref('stg_reference__reception_targets') }}
),

-- Shares are whole places and add up to the target: each region takes what the regions so far should have, less what those before it have.
shares as (
    select
        targets.target_places,
        targets.due_date,
        targets.announced_latest_date,
        regions.safety_region_code,
        regions.safety_region_name,
        round(1.0 * targets.target_places * count(*) over so_far / count(*) over whole) as places_equal_so_far,
        round(
            1.0 * targets.target_places * sum(regions.inhabitants) over so_far / sum(regions.inhabitants) over whole
        ) as places_by_inhabitants_so_far
    from targets
    cross join {{ ref('stg_reference__safety_regions') }} as regions
    window
        whole as (partition by targets.target_places, targets.due_date),
        so_far as (partition by targets.target_places, targets.due_date order by regions.safety_region_code)
),

per_region as (
    select
        target_places,
        due_date,
        announced_latest_date,
        safety_region_code,
        safety_region_name,
        (places_equal_so_far - lag(places_equal_so_far, 1, 0) over so_far)::integer as share_equal,
        (places_by_inhabitants_so_far - lag(places_by_inhabitants_so_far, 1, 0) over so_far)::integer as share_by_inhabitants
    from shares
    window so_far as (partition by target_places, due_date order by safety_region_code)
),

final as (
    select
        reception.reference_date,
        per_region.target_places,
        per_region.due_date as target_due_date,
        reception.safety_region_code,
        per_region.safety_region_name,
        row_number() over (
            partition by reception.reference_date, reception.safety_region_code
            order by per_region.announced_latest_date desc, per_region.due_date desc
        ) = 1 as is_latest_target,
        per_region.due_date - reception.reference_date as days_until_due,
        reception.places_available::integer as places_available,
        per_region.share_equal,
        per_region.share_by_inhabitants,
        case
            when reception.places_available is not null
                then per_region.share_equal - least(reception.places_available, per_region.share_equal)::integer
        end as places_short_equal,
        case
            when reception.places_available is not null
                then per_region.share_by_inhabitants - least(reception.places_available, per_region.share_by_inhabitants)::integer
        end as places_short_by_inhabitants,
        reception.is_stale
    from {{ ref('int_reception_by_region_day') }} as reception
    inner join per_region
        on
            reception.safety_region_code = per_region.safety_region_code
            and reception.reference_date >= per_region.announced_latest_date
)

select * from final
