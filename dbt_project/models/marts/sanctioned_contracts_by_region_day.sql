with final as (
    select
        sanctioned.reference_date,
        sanctioned.safety_region_code,
        regions.safety_region_name,
        count(distinct sanctioned.municipality_code) filter (where sanctioned.answer = 'yes')::integer as municipalities,
        count(distinct sanctioned.ocid || '/' || sanctioned.contract_id) filter (where sanctioned.answer = 'yes')::integer as contracts,
        count(distinct sanctioned.municipality_code) filter (where sanctioned.answer = 'may_be')::integer as municipalities_may_be,
        count(distinct sanctioned.ocid || '/' || sanctioned.contract_id) filter (where sanctioned.answer = 'may_be')::integer
            as contracts_may_be
    from {{ ref('int_sanctioned_municipality_days') }} as sanctioned
    inner join {{ ref('stg_reference__safety_regions') }} as regions using (safety_region_code)
    group by sanctioned.reference_date, sanctioned.safety_region_code, regions.safety_region_name
)

select * from final
