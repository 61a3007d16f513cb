with sanctioned as (
    select
        *,
        ocid || '/' || contract_id as contract
    from {{ ref('int_sanctioned_municipality_days') }}
),

final as (
    select
        reference_date,
        {{ sanctioned_figures() }}
    from sanctioned
    group by reference_date
)

select * from final
