{{ config(materialized='table', indexes=[{'columns': ['name']}]) }}

with names as (
    select organisation_name as name from {{ ref('stg_energy_contracts__contract_suppliers') }}
    where organisation_name is not null
    union
    select entity_name as name from {{ ref('int_registered_names') }}
),

-- B.V. is BV: accents, points and apostrophes go, whatever else is no letter or digit parts words.
plain as (
    select
        name,
        btrim(
            regexp_replace(
                regexp_replace(lower(normalize(name, nfkd)), '[\u0300-\u036f.''’]', '', 'g'), '[^[:alnum:]]+', ' ', 'g'
            )
        ) as words
    from names
),

words as (
    select
        plain.name,
        plain.words,
        split.word,
        split.place
    from plain
    cross join string_to_table(plain.words, ' ') with ordinality as split (word, place)
),

final as (
    select
        words.name,
        coalesce(string_agg(words.word, ' ' order by words.place) filter (where forms.word is null), min(words.words)) as plain_name
    from words
    left join {{ ref('legal_forms') }} as forms on words.word = forms.word
    where words.word <> ''
    group by words.name
)

select * from final
