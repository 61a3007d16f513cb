{{ config(severity='warn') }}

-- A code that no table knows stands for no municipality: its persons would be missing without a word.
with final as (
    select
        residences.registered_in_code,
        count(*) as persons
    from {{ ref('int_residence_spells') }} as residences
    left join {{ ref('int_municipality_successors') }} as successors on residences.registered_in_code = successors.code
    where residences.to_date = 'infinity' and residences.known_until = 'infinity' and successors.code is null
    group by residences.registered_in_code
)

select * from final
