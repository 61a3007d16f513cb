{{ config(materialized='table') }}

-- Never every name beside every other: two are looked at when they share a word that isn't common, give or take one letter, or
-- are the same but for blanks (Lage Landen, Lagelanden).
with asked as (
    select distinct names.plain_name
    from {{ ref('stg_energy_contracts__contract_suppliers') }} as suppliers
    inner join {{ ref('int_organisation_names') }} as names on suppliers.organisation_name = names.name
    inner join {{ ref('int_contracted_organisations') }} as contracted using (organisation_number)
    where contracted.joined_by <> 'number'
),

known as (
    select distinct names.plain_name
    from {{ ref('int_registered_names') }} as registered
    inner join {{ ref('int_organisation_names') }} as names on registered.entity_name = names.name
),

words as (
    select
        known.plain_name,
        split.word
    from known
    cross join string_to_table(known.plain_name, ' ') as split (word)
),

asked_words as (
    select
        asked.plain_name,
        split.word
    from asked
    cross join string_to_table(asked.plain_name, ' ') as split (word)
),

rare_words as (
    select word
    from words
    group by word
    having count(*) <= {{ var('supplier_match_commonest_word') }}
),

spelled_words as (
    select word from asked_words
    union
    select word from rare_words
),

spellings as (
    select
        spelled_words.word,
        case
            when series.place = 0 then spelled_words.word
            else left(spelled_words.word, series.place - 1) || substr(spelled_words.word, series.place + 1)
        end as spelling
    from spelled_words
    cross join generate_series(0, case when length(spelled_words.word) > 4 then length(spelled_words.word) else 0 end) as series (place)
),

alike_words as (
    select distinct
        asked_words.plain_name,
        rare_words.word
    from asked_words
    inner join spellings as asked_spellings on asked_words.word = asked_spellings.word
    inner join spellings as rare_spellings on asked_spellings.spelling = rare_spellings.spelling
    inner join rare_words on rare_spellings.word = rare_words.word
),

final as (
    select
        alike_words.plain_name as asked_name,
        words.plain_name as known_name
    from alike_words
    inner join words using (word)
    union
    select
        asked.plain_name as asked_name,
        known.plain_name as known_name
    from asked
    inner join known on replace(asked.plain_name, ' ', '') = replace(known.plain_name, ' ', '')
)

select * from final
