with forms as (
    select
        reference_date,
        safety_region_code,
        sum(places_available) as places_available,
        sum(places_in_use) as places_in_use
    from {{ ref('reception_by_region_form_day') }}
    group by reference_date, safety_region_code
),

final as (
    select
        regions.reference_date,
        regions.safety_region_code
    from {{ ref('reception_by_region_day') }} as regions
    full join forms using (reference_date, safety_region_code)
    where
        regions.places_available is distinct from forms.places_available
        or regions.places_in_use is distinct from forms.places_in_use
)

select * from final
