{{ config(materialized='table') }}

with dated as (
    select * from {{ ref('int_ownership_statements') }}
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

-- A statement replaces the earlier ones about its record from the day that it speaks of; about a person or an entity the first
-- speaks of all days before, too.
final as (
    select
        dated.supplier,
        dated.record_id,
        dated.record_type,
        dated.record_status,
        dated.statement_id,
        dated.statement_date,
        dated.entity_type,
        dated.entity_name,
        dated.jurisdiction_code,
        dated.person_type,
        dated.nationality_codes,
        dated.subject_record_id,
        dated.interested_party_record_id,
        dated.unspecified_reason,
        dated.has_components,
        stretches.known_from,
        stretches.known_to,
        case
            when dated.record_type <> 'relationship' and row_number() over record = 1 then '-infinity'
            else dated.from_date
        end as valid_from,
        coalesce(
            min(dated.from_date) over (
                partition by dated.supplier, dated.record_id, stretches.known_from
                order by dated.statement_date, dated.from_date, dated.statement_id
                rows between 1 following and unbounded following
            ),
            'infinity'
        ) as valid_until
    from stretches
    inner join dated
        on
            stretches.supplier = dated.supplier
            and stretches.record_id = dated.record_id
            and stretches.known_from >= dated.known_from
            and stretches.known_from < dated.known_to
    window record as (
        partition by dated.supplier, dated.record_id, stretches.known_from
        order by dated.statement_date, dated.from_date, dated.statement_id
    )
)

select * from final
