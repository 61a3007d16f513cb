with sanctioned as (
    select
        *,
        ocid || '/' || contract_id as contract
    from {{ ref('int_sanctioned_municipality_days') }}
    inner join {{ ref('stg_reference__safety_regions') }} using (safety_region_code)
),

final as (
    select
        reference_date,
        safety_region_code,
        safety_region_name,
        {{ sanctioned_figures() }}
    from sanctioned
    group by reference_date, safety_region_code, safety_region_name
)

select * from final
