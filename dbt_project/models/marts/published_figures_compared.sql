with published as (
    select * from {{ ref('stg_reference__published_figures') }}
),

places as (
    select
        reception.reference_date,
        told.figure,
        sum(told.places)::integer as places
    from {{ ref('int_reception_by_region_day') }} as reception
    cross join
        lateral (
            values ('places_available', reception.places_available), ('places_in_use', reception.places_in_use)
        ) as told (figure, places)
    group by reception.reference_date, told.figure
),

registered as (
    select
        reference_date,
        definition,
        coalesce(municipality_code, 'NL') as municipality_code,
        sum(registered)::integer as registered
    from {{ ref('int_registrations_by_municipality_day') }}
    group by grouping sets ((reference_date, definition, municipality_code), (reference_date, definition))
),

final as (
    select
        published.reference_date,
        published.publisher,
        published.figure,
        published.municipality_code,
        published.definition,
        published.published_value,
        coalesce(registered.registered, places.places) as our_value,
        selected.registered as our_value_first_known,
        coalesce(registered.registered, places.places) - published.published_value as difference,
        round(
            100.0 * (coalesce(registered.registered, places.places) - published.published_value) / nullif(published.published_value, 0), 1
        )::numeric(8, 1) as difference_pct,
        published.why_it_differs,
        published.date_precision,
        published.exactness,
        published.note,
        published.source
    from published
    left join places
        on
            published.figure = places.figure
            and published.reference_date = places.reference_date
            and published.municipality_code = 'NL'
    left join registered
        on
            published.figure = 'registered'
            and published.reference_date = registered.reference_date
            and published.definition = registered.definition
            and published.municipality_code = registered.municipality_code
    left join {{ ref('int_registered_as_selected') }} as selected
        on
            published.municipality_code = 'NL'
            and published.definition = 'came_from_ukraine'
            and published.reference_date >= selected.reference_date
            and published.reference_date < selected.next_reference_date
)

select * from final
