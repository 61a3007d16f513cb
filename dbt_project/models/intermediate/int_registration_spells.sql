with final as (
    select
        spells.definition,
        spells.record_key,
        persons.supplier,
        spells.municipality_code,
        spells.from_date,
        spells.to_date,
        spells.came_by,
        spells.left_by,
        case when persons.held_from < spells.to_date then greatest(persons.held_from, spells.from_date) end as held_from
    from {{ ref('int_registration_spell_versions') }} as spells
    inner join {{ ref('int_counting_persons') }} as persons on spells.record_key = persons.record_key
    where spells.known_until = 'infinity'
)

select * from final
