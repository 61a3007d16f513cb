with municipalities as (
    select
        safety_region_code,
        count(*) as municipalities,
        sum(inhabitants) as inhabitants
    from {{ ref('municipalities') }}
    where coalesce(valid_from, '-infinity') <= '2022-03-24' and coalesce(valid_until, 'infinity') > '2022-03-24'
    group by safety_region_code
),

final as (
    select regions.safety_region_code
    from {{ ref('safety_regions') }} as regions
    left join municipalities using (safety_region_code)
    where
        regions.municipalities_on_2022_03_24 is distinct from municipalities.municipalities
        or regions.inhabitants is distinct from municipalities.inhabitants
)

select * from final
