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
        count(distinct municipality_code) filter (where answer = 'yes')::integer as municipalities,
        count(distinct contract) filter (where answer = 'yes')::integer as contracts,
        count(distinct municipality_code) filter (where answer = 'yes' and authorised_until_date is not null)::integer
            as municipalities_authorised,
        count(distinct contract) filter (where answer = 'yes' and authorised_until_date is not null)::integer as contracts_authorised,
        count(distinct municipality_code) filter (where answer = 'may_be')::integer as municipalities_may_be,
        count(distinct contract) filter (where answer = 'may_be')::integer as contracts_may_be
    from sanctioned
    group by reference_date, safety_region_code, safety_region_name
)

select * from final
