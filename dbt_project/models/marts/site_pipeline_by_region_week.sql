{%- set horizons = [4, 8, 12] -%}
{%- set causes = ['building', 'material', 'staff', 'permit', 'money'] -%}

-- A week is told by its last day that is known.
with weeks as (
    select
        date_trunc('week', reference_date)::date as week_start_date,
        max(reference_date) as reference_date
    from {{ ref('int_reception_by_region_day') }}
    group by date_trunc('week', reference_date)
),

reports as (
    select
        weeks.week_start_date,
        regions.*
    from {{ ref('int_reception_by_region_day') }} as regions
    inner join weeks using (reference_date)
    where regions.report_date is not null
),

locations as (
    select
        locations.*,
        -- What counts as open is at work or was: its places in preparation widen it, and nobody tells when.
        case when locations.places_operational = 0 then locations.available_from_date end as opens_on_date
    from {{ ref('int_location_days') }} as locations
    inner join weeks using (reference_date)
),

places as (
    select
        reference_date,
        safety_region_code,
        count(*) filter (where places_operational > 0) as locations_open,
        count(*) filter (where places_operational = 0 and places_in_preparation > 0) as locations_in_preparation,
        sum(places_inventoried) as places_inventoried,
        sum(places_in_preparation) as places_in_preparation,
        sum(places_operational) as places_operational,
        {% for weeks in horizons -%}
            sum(places_operational) filter (where available_until_date < reference_date + {{ 7 * weeks }})
                as places_closing_{{ weeks }}_weeks,
            sum(places_in_preparation) filter (where opens_on_date <= reference_date + {{ 7 * weeks }})
                as places_opening_{{ weeks }}_weeks,
        {% endfor -%}
        {% for cause in causes -%}
            sum(places_in_preparation) filter (where held_up_by = '{{ cause }}') as places_held_up_by_{{ cause }},
        {% endfor -%}
        sum(places_in_preparation) filter (where opens_on_date is null) as places_opening_undated
    from locations
    group by reference_date, safety_region_code
),

final as (
    select
        reports.week_start_date,
        reports.safety_region_code,
        regions.safety_region_name,
        reports.reference_date,
        coalesce(places.locations_open, 0)::integer as locations_open,
        coalesce(places.locations_in_preparation, 0)::integer as locations_in_preparation,
        coalesce(places.places_inventoried, 0)::integer as places_inventoried,
        coalesce(places.places_in_preparation, 0)::integer as places_in_preparation,
        coalesce(places.places_operational, 0)::integer as places_operational,
        {% for weeks in horizons -%}
            coalesce(places.places_closing_{{ weeks }}_weeks, 0)::integer as places_closing_{{ weeks }}_weeks,
            coalesce(places.places_opening_{{ weeks }}_weeks, 0)::integer as places_opening_{{ weeks }}_weeks,
            (
                coalesce(places.places_operational, 0)
                - coalesce(places.places_closing_{{ weeks }}_weeks, 0)
                + coalesce(places.places_opening_{{ weeks }}_weeks, 0)
            )::integer as places_after_{{ weeks }}_weeks,
        {% endfor -%}
        coalesce(places.places_opening_undated, 0)::integer as places_opening_undated,
        {% for cause in causes -%}
            coalesce(places.places_held_up_by_{{ cause }}, 0)::integer as places_held_up_by_{{ cause }},
        {% endfor -%}
        reports.report_date,
        reports.is_stale
    from reports
    inner join {{ ref('stg_reference__safety_regions') }} as regions using (safety_region_code)
    left join places using (reference_date, safety_region_code)
)

select * from final
