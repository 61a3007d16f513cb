with final as (
    select
        oud_gm as old_municipality_code,
        oud_naam as old_municipality_name,
        nieuw_gm as new_municipality_code,
        nieuw_naam as new_municipality_name,
        datum as merger_date
    from {{ ref('herindelingen') }}
)

select * from final
