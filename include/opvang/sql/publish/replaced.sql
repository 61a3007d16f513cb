-- What stands in the time that the layer speaks about and isn't just what it says.
create temporary table replaced on commit drop as
select standing.*
from standing
where
    standing.reference_from < standing.to_date
    and standing.reference_to > standing.from_date
    and not exists (
        select from said
        where
            said.supplier = standing.supplier
            and said.record_key = standing.record_key
            and said.row_no = standing.row_no
            and standing.reference_from <= said.reference_from
            and standing.reference_to >= said.reference_to
            and ({said_content}) is not distinct from ({standing_content})
    );
