with forms as (
    select * from {{ ref('reception_forms') }}
),

reports as (
    select * from {{ ref('int_reception_by_region_day') }}
),

places as (
    select
        reference_date,
        safety_region_code,
        form,
        count(*) filter (where places_operational > 0) as locations,
        sum(places_operational) as places_available,
        sum(places_in_use) as places_in_use,
        sum(places_operational) filter (where stay_class = 'under_72h') as places_available_under_72h,
        sum(places_in_use) filter (where stay_class = 'under_72h') as places_in_use_under_72h
    from {{ ref('int_location_days') }}
    group by reference_date, safety_region_code, form
),

final as (
    select
        reports.reference_date,
        reports.safety_region_code,
        forms.form,
        forms.label_nl as form_name,
        -- A report without locations of a form says zero; no report yet says nothing.
        case when reports.report_date is not null then coalesce(places.locations, 0) end::integer as locations,
        case when reports.report_date is not null then coalesce(places.places_available, 0) end::integer as places_available,
        case when reports.report_date is not null then coalesce(places.places_in_use, 0) end::integer as places_in_use,
        case when reports.report_date is not null then coalesce(places.places_available_under_72h, 0) end::integer
            as places_available_under_72h,
        case when reports.report_date is not null then coalesce(places.places_in_use_under_72h, 0) end::integer
            as places_in_use_under_72h,
        round(100.0 * places.places_in_use / nullif(places.places_available, 0), 1)::numeric(5, 1) as occupancy_pct,
        reports.is_stale
    from reports
    cross join forms
    left join places using (reference_date, safety_region_code, form)
)

select * from final
