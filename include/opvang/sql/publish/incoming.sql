-- Of what the layer says: news about rows that stand. What just stands as it is said is none.
create temporary table incoming on commit drop as
select said.*
from said
where
    exists (
        select from standing
        where
            said.supplier = standing.supplier
            and said.record_key = standing.record_key
            and said.row_no = standing.row_no
    )
    and not exists (
        select from standing
        where
            said.supplier = standing.supplier
            and said.record_key = standing.record_key
            and said.row_no = standing.row_no
            and standing.reference_from <= said.reference_from
            and standing.reference_to >= said.reference_to
            and ({said_content}) is not distinct from ({standing_content})
    );
