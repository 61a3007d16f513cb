{{ config(
    materialized='incremental', incremental_strategy='delete+insert', on_schema_change='fail',
    unique_key=['figure', 'reference_date', 'definition', 'municipality_code'],
    indexes=[{'columns': ['known_from']}, {'columns': ['known_until']}], pre_hook="{{ forget_restated_figures() }}"
) }}

with builds as (
    {{ builds_to_take_in() }}
),

{{ figure_changes() }},

cells as (
    select distinct
        figure,
        reference_date,
        definition,
        municipality_code
    from figure_changes
    {% if is_incremental() -%}
        union
        select
            made.figure,
            made.reference_date,
            made.definition,
            made.municipality_code
        from {{ this }} as made
        inner join builds on made.known_until >= builds.restated_from and made.known_until < 'infinity'
    {%- endif %}
),

-- A flow that is first heard of late was nothing when its day became known.
changes as (
    select * from figure_changes
    union all
    select
        cells.figure,
        cells.reference_date,
        cells.definition,
        cells.municipality_code,
        days.known_at,
        0 as change
    from cells
    inner join {{ ref('int_days_known') }} as days
        on
            cells.municipality_code = days.municipality_code
            and cells.reference_date > days.after_date
            and cells.reference_date <= days.last_date
    {% if is_incremental() -%}
        union all
        select
            made.figure,
            made.reference_date,
            made.definition,
            made.municipality_code,
            made.known_from as known_at,
            made.value - coalesce(lag(made.value) over (
                partition by made.figure, made.reference_date, made.definition, made.municipality_code order by made.known_from
            ), 0) as change
        from {{ this }} as made
        inner join cells using (figure, reference_date, definition, municipality_code)
        cross join builds
        where made.known_from < builds.restated_from
    {%- endif %}
),

moments as (
    select
        figure,
        reference_date,
        definition,
        municipality_code,
        known_at,
        sum(change) as change,
        row_number() over (partition by figure, reference_date, definition, municipality_code order by known_at) as moment_no
    from changes
    group by figure, reference_date, definition, municipality_code, known_at
),

final as (
    select
        moments.figure,
        moments.reference_date,
        moments.definition,
        moments.municipality_code,
        moments.known_at as known_from,
        lead(moments.known_at, 1, 'infinity') over cell as known_until,
        (sum(moments.change) over cell)::integer as value,
        (first_value(moments.change) over cell)::integer as first_value,
        (sum(moments.change) over cell - first_value(moments.change) over cell)::integer as restated_by,
        builds.build_no::integer as build_no
    from moments
    cross join builds
    where moments.change <> 0 or moments.moment_no = 1
    window cell as (
        partition by moments.figure, moments.reference_date, moments.definition, moments.municipality_code order by moments.known_at
    )
)

select * from final
