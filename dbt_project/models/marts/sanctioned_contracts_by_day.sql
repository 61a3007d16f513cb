with final as (
    select
        reference_date,
        count(distinct municipality_code) filter (where answer = 'yes')::integer as municipalities,
        count(distinct ocid || '/' || contract_id) filter (where answer = 'yes')::integer as contracts,
        count(distinct municipality_code) filter (where answer = 'may_be')::integer as municipalities_may_be,
        count(distinct ocid || '/' || contract_id) filter (where answer = 'may_be')::integer as contracts_may_be
    from {{ ref('int_sanctioned_municipality_days') }}
    group by reference_date
)

select * from final
