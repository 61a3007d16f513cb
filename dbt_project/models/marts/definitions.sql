with final as (
    select
        labels.definition,
        labels.label_nl,
        labels.description,
        min(rules.valid_from) as valid_from,
        string_agg(distinct rules.source, '; ') as source
    from {{ ref('definition_labels') }} as labels
    inner join {{ ref('population_definitions') }} as rules on labels.definition = rules.definition
    group by labels.definition, labels.label_nl, labels.description
)

select * from final
