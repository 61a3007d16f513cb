{{ config(materialized='table', indexes=[{'columns': ['municipality_code', 'known_at']}]) }}

-- A municipality that was merged is spoken for by its successor, too.
with municipalities as (
    select
        municipalities.municipality_code,
        successors.municipality_code as present_code
    from {{ ref('int_municipalities') }} as municipalities
    inner join {{ ref('int_municipality_successors') }} as successors
        on municipalities.municipality_code = successors.code and successors.valid_until = 'infinity'
    where coalesce(municipalities.valid_until, 'infinity') > (select min(valid_from) from {{ ref('population_definitions') }})
),

deliveries as (
    select
        deliveries.known_at,
        coalesce(municipalities.present_code, deliveries.covers) as present_code,
        -- No day has a figure before it has come.
        least(deliveries.reference_date, (deliveries.known_at at time zone 'Europe/Amsterdam')::date) as reference_date
    from {{ ref('int_known_deliveries') }} as deliveries
    left join municipalities on deliveries.covers = municipalities.municipality_code
),

heard as (
    select
        municipalities.municipality_code,
        deliveries.known_at,
        max(deliveries.reference_date) as reference_date
    from municipalities
    inner join deliveries on deliveries.present_code in ('all', municipalities.present_code)
    group by municipalities.municipality_code, deliveries.known_at
),

further as (
    select
        municipality_code,
        known_at,
        reference_date as last_date,
        max(reference_date) over (
            partition by municipality_code order by known_at rows between unbounded preceding and 1 preceding
        ) as after_date
    from heard
),

-- Municipalities that one delivery speaks for go on together.
together as (
    select
        known_at,
        after_date,
        last_date,
        count(*) as municipalities
    from further
    group by known_at, after_date, last_date
),

-- The Netherlands is known as far as every municipality is.
national as (
    select
        days.reference_date as last_date,
        max(together.known_at) as known_at
    from (select distinct reference_date from heard) as days
    inner join together
        on days.reference_date > coalesce(together.after_date, '-infinity') and days.reference_date <= together.last_date
    group by days.reference_date
    having sum(together.municipalities) = (select count(*) from municipalities)
),

steps as (
    select * from further
    where last_date > coalesce(after_date, '-infinity')
    union all
    select
        'NL' as municipality_code,
        known_at,
        max(last_date) as last_date,
        max(max(last_date)) over (order by known_at rows between unbounded preceding and 1 preceding) as after_date
    from national
    group by known_at
),

final as (
    select
        municipality_code,
        known_at,
        coalesce(after_date, (select min(valid_from) from {{ ref('population_definitions') }}) - 1) as after_date,
        last_date
    from steps
)

select * from final
