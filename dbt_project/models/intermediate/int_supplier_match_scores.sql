{{ config(materialized='table') }}

-- Similarity as PostgreSQL's pg_trgm has it, which the bundled server lacks: of all groups of three letters in either name, how
-- many are in both, each word with two blanks before it and one behind.
with looked_at as (
    select asked_name as plain_name from {{ ref('int_alike_names') }}
    union
    select known_name as plain_name from {{ ref('int_alike_names') }}
),

trigrams as (
    select distinct
        looked_at.plain_name,
        substr('  ' || split.word || ' ', series.place, 3) as trigram
    from looked_at
    cross join string_to_table(looked_at.plain_name, ' ') as split (word)
    cross join generate_series(1, length(split.word) + 1) as series (place)
),

of_both as (
    select
        pairs.asked_name,
        pairs.known_name,
        trigrams.trigram
    from {{ ref('int_alike_names') }} as pairs
    inner join trigrams on pairs.asked_name = trigrams.plain_name
    union all
    select
        pairs.asked_name,
        pairs.known_name,
        trigrams.trigram
    from {{ ref('int_alike_names') }} as pairs
    inner join trigrams on pairs.known_name = trigrams.plain_name
),

counted as (
    select
        asked_name,
        known_name,
        count(*) as names
    from of_both
    group by asked_name, known_name, trigram
),

final as (
    select
        asked_name,
        known_name,
        (100.0 * count(*) filter (where names = 2) / count(*))::numeric(4, 1) as similarity_pct
    from counted
    group by asked_name, known_name
)

select * from final
