with reimbursed as (
    select sum(place_days) as place_days
    from {{ ref('reimbursement_by_municipality_month') }}
),

reported as (
    select sum(places_available) as place_days
    from {{ ref('reception_by_region_form_day') }}
    where
        form <> 'private_hosting'
        and reference_date >= (select min(norms.valid_from) from {{ ref('stg_reference__reimbursement_norms') }} as norms)
),

final as (
    select
        reimbursed.place_days,
        reported.place_days as reported
    from reimbursed
    cross join reported
    where coalesce(reimbursed.place_days, 0) <> coalesce(reported.place_days, 0)
)

select * from final
