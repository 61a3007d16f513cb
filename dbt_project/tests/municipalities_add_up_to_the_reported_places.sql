with municipalities as (
    select
        reference_date,
        count(*) as municipalities,
        sum(places_available) as places_available,
        sum(places_in_use) as places_in_use,
        sum(registered) as registered
    from {{ ref('reception_by_municipality_day') }}
    group by reference_date
),

final as (
    select national.reference_date
    from {{ ref('national_position_by_day') }} as national
    full join municipalities on national.reference_date = municipalities.reference_date
    where
        national.places_available is distinct from municipalities.places_available
        or national.places_in_use is distinct from municipalities.places_in_use
        or national.registered_in_brp <> municipalities.registered
        or municipalities.municipalities not between 342 and 345
)

select * from final
