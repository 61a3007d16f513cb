with reception as (
    select * from {{ ref('int_reception_by_region_day') }}
),

final as (
    select
        reception.reference_date,
        reception.safety_region_code,
        regions.safety_region_name,
        reception.places_available::integer as places_available,
        reception.places_in_use::integer as places_in_use,
        round(100.0 * reception.places_in_use / nullif(reception.places_available, 0), 1)::numeric(5, 1) as occupancy_pct,
        reception.is_stale,
        reception.reported_at,
        reception.report_date,
        reception.reference_date - reception.report_date as report_age_days
    from reception
    inner join {{ ref('stg_reference__safety_regions') }} as regions using (safety_region_code)
)

select * from final
