with place_days as (
    select
        date_trunc('month', reference_date)::date as month_start_date,
        reference_date,
        municipality_code,
        sum(places_operational) as places,
        sum(places_operational) filter (where is_stale) as places_carried_forward
    from {{ ref('int_location_days') }}
    -- Private hosting has a norm of its own, per person: no feed tells who received a provision.
    where form <> 'private_hosting'
    group by reference_date, municipality_code
),

norms as (
    select * from {{ ref('stg_reference__reimbursement_norms') }}
    where scheme = 'GOO'
),

final as (
    select
        place_days.month_start_date,
        place_days.municipality_code,
        norms.scheme,
        norms.valid_from as norm_valid_from,
        min(place_days.reference_date) as first_date,
        max(place_days.reference_date) as last_date,
        sum(place_days.places)::integer as place_days,
        coalesce(sum(place_days.places_carried_forward), 0)::integer as place_days_carried_forward,
        norms.amount_eur as norm_amount_eur,
        (sum(place_days.places) * norms.amount_eur)::numeric(14, 2) as amount_eur,
        norms.legal_ref,
        norms.verified_by
    from place_days
    inner join norms
        on place_days.reference_date >= norms.valid_from and place_days.reference_date < norms.valid_until
    where place_days.places > 0
    group by
        place_days.month_start_date,
        place_days.municipality_code,
        norms.scheme,
        norms.valid_from,
        norms.amount_eur,
        norms.legal_ref,
        norms.verified_by
)

select * from final
