with final as (
    select
        municipalities.municipality_code,
        municipalities.municipality_name,
        municipalities.safety_region_code,
        regions.safety_region_name,
        municipalities.province_code,
        provinces.province_name,
        municipalities.inhabitants,
        municipalities.valid_from,
        municipalities.valid_until,
        municipalities.successor_code,
        municipalities.inhabitants_from_date,
        municipalities.is_inhabitants_estimated
    from {{ ref('int_municipalities') }} as municipalities
    left join {{ ref('stg_reference__safety_regions') }} as regions
        on municipalities.safety_region_code = regions.safety_region_code
    left join {{ ref('stg_reference__provinces') }} as provinces
        on municipalities.province_code = provinces.province_code
)

select * from final
