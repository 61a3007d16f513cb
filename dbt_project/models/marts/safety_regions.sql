with final as (
    select
        regions.safety_region_code,
        regions.safety_region_name,
        provinces.province_code,
        provinces.province_name,
        regions.municipalities as municipalities_on_2022_03_24,
        regions.inhabitants
    from {{ ref('stg_reference__safety_regions') }} as regions
    inner join {{ ref('stg_reference__provinces') }} as provinces using (province_code)
)

select * from final
