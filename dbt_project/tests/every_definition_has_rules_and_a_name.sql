with final as (
    select
        rules.definition,
        definitions.label_nl
    from {{ ref('population_definitions') }} as rules
    full join {{ ref('definitions') }} as definitions on rules.definition = definitions.definition
    where rules.definition is null or definitions.definition is null
)

select * from final
