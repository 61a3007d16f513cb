{{ config(materialized='table') }}

-- Most records are stated once: only several statements about one need an order.
with several as (
    select
        record_id,
        supplier
    from {{ ref('int_ownership_statements') }}
    group by record_id, supplier
    having count(*) > 1
),

statements as (
    select statements.*
    from {{ ref('int_ownership_statements') }} as statements
    where exists (
        select 1 from several
        where several.record_id = statements.record_id and several.supplier = statements.supplier
    )
),

-- A relationship is spoken of from the first day of its interests on, where any is stated.
first_interests as (
    select
        interests.supplier,
        interests.statement_id,
        min(interests.start_date) as start_date
    from statements
    inner join {{ ref('stg_ownership__interests') }} as interests using (supplier, statement_id)
    group by interests.supplier, interests.statement_id
),

dated as (
    select
        statements.supplier,
        statements.record_id,
        statements.statement_id,
        statements.statement_date,
        statements.known_from,
        statements.known_to,
        coalesce(first_interests.start_date, statements.statement_date) as from_date
    from statements
    left join first_interests using (supplier, statement_id)
),

-- Stretches of time in which the same statements about a record were known.
changes as (
    select
        supplier,
        record_id,
        known_from as known_at
    from dated
    union
    select
        supplier,
        record_id,
        known_to as known_at
    from dated
    where known_to <> 'infinity'
),

stretches as (
    select
        supplier,
        record_id,
        known_at as known_from,
        lead(known_at, 1, 'infinity') over (partition by supplier, record_id order by known_at) as known_to
    from changes
),

-- A statement replaces the earlier ones about its record from the day that it speaks of; the first speaks of all days before, too.
final as (
    select
        dated.supplier,
        dated.statement_id,
        stretches.known_from,
        stretches.known_to,
        case when row_number() over record = 1 then '-infinity' else dated.from_date end as valid_from,
        coalesce(min(dated.from_date) over later, 'infinity') as valid_until
    from stretches
    inner join dated
        on
            stretches.supplier = dated.supplier
            and stretches.record_id = dated.record_id
            and stretches.known_from >= dated.known_from
            and stretches.known_from < dated.known_to
    window
        record as (
            partition by dated.supplier, dated.record_id, stretches.known_from
            order by dated.statement_date, dated.from_date, dated.statement_id
        ),
        later as (record rows between 1 following and unbounded following)
)

select * from final
