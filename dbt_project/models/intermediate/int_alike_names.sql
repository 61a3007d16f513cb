{{ config(materialized='table') }}

-- Never every name beside every other: two are looked at when they share a word that isn't common, give or take one letter.
-- A name without its blanks is a word of it, too: Lage Landen, Lagelanden.
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

all_names as (
    select plain_name from asked
    union
    select plain_name from known
),

words as (
    select
        all_names.plain_name,
        split.word
    from all_names
    cross join string_to_table(all_names.plain_name, ' ') as split (word)
    union
    select
        plain_name,
        replace(plain_name, ' ', '') as word
    from all_names
),

asked_words as (
    select
        words.word,
        asked.plain_name
    from words
    inner join asked using (plain_name)
),

rare_words as (
    select words.word
    from words
    inner join known using (plain_name)
    group by words.word
    having count(*) <= {{ var('supplier_match_commonest_word') }}
),

spelled_words as (
    select word from asked_words
    union
    select word from rare_words
),

spellings as (
    select distinct
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
        known.plain_name as known_name
    from alike_words
    inner join words using (word)
    inner join known on words.plain_name = known.plain_name
    union
    select
        plain_name as asked_name,
        plain_name as known_name
    from asked
    inner join known using (plain_name)
)

select * from final
