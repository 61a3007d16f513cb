-- Of what the layer says: news about rows that stand. What just stands as it is said, as nearly all does on most days, is none.
create temporary table incoming on commit drop as
with news as materialized (
    select said.*
    from said
    where not exists (
        select from standing
        where
            said.supplier = standing.supplier
            and said.record_key = standing.record_key
            and said.row_no = standing.row_no
            and standing.reference_from <= said.reference_from
            and standing.reference_to >= said.reference_to
            and ({said_content}) is not distinct from ({standing_content})
    )
)

select news.*
from news
where exists (
    select from standing
    where
        news.supplier = standing.supplier
        and news.record_key = standing.record_key
        and news.row_no = standing.row_no
);
