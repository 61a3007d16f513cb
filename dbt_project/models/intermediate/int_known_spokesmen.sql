with deliveries as (
    select * from {{ ref('int_known_deliveries') }}
),

-- The municipalities that somebody spoke of, those that went into another since among them.
municipalities as (
    select municipality_code
    from {{ ref('int_municipalities') }}
    where coalesce(valid_until, 'infinity') > (select min(deliveries.reference_date) from deliveries)
),

covering as (
    select
        municipalities.municipality_code,
        deliveries.delivery_id,
        deliveries.supplier,
        deliveries.reference_date,
        deliveries.known_at,
        max(deliveries.reference_date) over (
            partition by municipalities.municipality_code
            order by deliveries.known_at, deliveries.covers <> 'all', deliveries.delivery_id
            rows between unbounded preceding and 1 preceding
        ) as latest_date_before,
        row_number() over (
            partition by municipalities.municipality_code
            order by deliveries.known_at, deliveries.covers <> 'all', deliveries.delivery_id
        ) as order_no
    from municipalities
    inner join {{ ref('int_municipality_successors') }} as successors on municipalities.municipality_code = successors.code
    inner join deliveries
        on
            deliveries.covers in ('all', successors.municipality_code)
            and successors.valid_from <= deliveries.reference_date
            and successors.valid_until > deliveries.reference_date
),

-- Who speaks for a municipality: the latest delivery that covers it, or what it went into.
speaking as (
    select
        *,
        coalesce(lag(supplier) over (partition by municipality_code order by order_no) <> supplier, true) as is_another
    from covering
    where reference_date >= coalesce(latest_date_before, '-infinity')
),

final as (
    select
        municipality_code,
        supplier,
        reference_date as since_date,
        known_at as known_from,
        lead(known_at, 1, 'infinity') over (partition by municipality_code order by order_no) as known_until
    from speaking
    where is_another
)

select * from final
