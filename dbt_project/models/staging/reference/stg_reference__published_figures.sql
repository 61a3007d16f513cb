select
    figures.reference_date,
    figures.publisher,
    figures.figure,
    figures.municipality_code,
    figures.published_value,
    figures.date_precision,
    figures.exactness,
    figures.note,
    figures.source,
    compared.definition,
    compared.why_it_differs
from {{ ref('published_figures') }} as figures
inner join {{ ref('published_figure_definitions') }} as compared using (publisher, figure)
