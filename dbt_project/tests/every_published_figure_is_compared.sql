with final as (
    select
        published.publisher,
        published.figure,
        published.reference_date
    from {{ ref('published_figures') }} as published
    left join {{ ref('published_figures_compared') }} as compared using (publisher, figure, reference_date, municipality_code)
    where compared.published_value is distinct from published.published_value
)

select * from final
