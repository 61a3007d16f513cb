with place_days as (
    select
        date_trunc('month', reference_date)::date as month_start_date,
        reference_date,
        municipality_code,
        sum(places_operational) as places,
        sum(places_operational) filter (where is_stale) as places_carried_forward
    from {{ ref('int_location_days') }}
    where form <> 'private_hosting'
    group by reference_date, municipality_code
),

norms as (
    select * from {{ ref('stg_reference__reimbursement_norms') }}
),

municipal_reception as (
    select
        place_days.month_start_date,
        place_days.municipality_code,
        norms.scheme,
        norms.valid_from as norm_valid_from,
        min(place_days.reference_date) as first_date,
        max(place_days.reference_date) as last_date,
        sum(place_days.places) as place_days,
        coalesce(sum(place_days.places_carried_forward), 0) as place_days_carried_forward,
        norms.amount_eur as norm_amount_eur,
        norms.legal_ref,
        norms.verified_by
    from place_days
    inner join norms
        on place_days.reference_date >= norms.valid_from and place_days.reference_date < norms.valid_until
    where place_days.places > 0 and norms.scheme = 'GOO'
    group by
        place_days.month_start_date,
        place_days.municipality_code,
        norms.scheme,
        norms.valid_from,
        norms.amount_eur,
        norms.legal_ref,
        norms.verified_by
),

private_hosting as (
    select
        persons.*,
        norms.scheme,
        norms.valid_from as norm_valid_from,
        norms.amount_eur as norm_amount_eur,
        norms.legal_ref,
        norms.verified_by
    from {{ ref('int_private_hosting_persons') }} as persons
    inner join norms
        on persons.reference_date >= norms.valid_from and persons.reference_date < norms.valid_until
    where norms.scheme = 'POO'
),

final as (
    select
        month_start_date,
        municipality_code,
        scheme,
        norm_valid_from,
        first_date,
        last_date,
        place_days::integer as place_days,
        place_days_carried_forward::integer as place_days_carried_forward,
        null::integer as persons_low,
        null::integer as persons_high,
        norm_amount_eur,
        (place_days * norm_amount_eur)::numeric(14, 2) as amount_eur,
        (place_days * norm_amount_eur)::numeric(14, 2) as amount_low_eur,
        (place_days * norm_amount_eur)::numeric(14, 2) as amount_high_eur,
        legal_ref,
        verified_by
    from municipal_reception
    union all
    select
        month_start_date,
        municipality_code,
        scheme,
        norm_valid_from,
        reference_date as first_date,
        reference_date as last_date,
        null::integer as place_days,
        null::integer as place_days_carried_forward,
        persons_low::integer as persons_low,
        persons_high::integer as persons_high,
        norm_amount_eur,
        null::numeric(14, 2) as amount_eur,
        (persons_low * norm_amount_eur)::numeric(14, 2) as amount_low_eur,
        (persons_high * norm_amount_eur)::numeric(14, 2) as amount_high_eur,
        legal_ref,
        verified_by
    from private_hosting
)

select * from final
