-- The same places as everywhere else, and what closes within 4 weeks closes within 8, and within 12.
with final as (
    select
        pipeline.week_start_date,
        pipeline.safety_region_code
    from {{ ref('site_pipeline_by_region_week') }} as pipeline
    inner join {{ ref('reception_by_region_day') }} as regions using (reference_date, safety_region_code)
    where
        pipeline.places_operational is distinct from regions.places_available
        or pipeline.places_closing_4_weeks > pipeline.places_closing_8_weeks
        or pipeline.places_closing_8_weeks > pipeline.places_closing_12_weeks
        or pipeline.places_closing_12_weeks > pipeline.places_operational
        or pipeline.places_opening_12_weeks + pipeline.places_opening_undated > pipeline.places_in_preparation
)

select * from final
