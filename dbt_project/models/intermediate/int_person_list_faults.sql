{{ config(materialized='table') }}

with stopped as (
    select
        supplier,
        record_key,
        string_to_table(rules, ',') as rule,
        from_date,
        to_date
    from {{ ref('int_quarantine_stretches') }}
),

flagged as (
    select
        persons.supplier,
        persons.record_key,
        string_to_table(persons.flags, ',') as rule,
        persons.reference_from as from_date,
        persons.reference_to as to_date
    from {{ ref('stg_brp__persons') }} as persons
    where
        persons.flags is not null
        and persons.known_to = 'infinity'
        and persons.supplier in (select deliveries.supplier from {{ ref('int_current_deliveries') }} as deliveries)
),

broken as (
    select * from stopped
    union all
    select * from flagged
),

-- Stretches that touch are one fault: the record changed, or was delivered again, and still broke the rule.
stretches as (
    select
        supplier,
        record_key,
        rule,
        unnest(range_agg(daterange(from_date, to_date))) as stretch
    from broken
    group by supplier, record_key, rule
),

final as (
    select
        supplier,
        record_key,
        rule,
        lower(stretch) as from_date,
        coalesce(upper(stretch), 'infinity') as to_date
    from stretches
)

select * from final
