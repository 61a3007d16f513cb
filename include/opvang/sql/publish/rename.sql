-- History keeps its person: every version, superseded ones too, gets the pseudonym under the present key.
update {raw} as standing
set {pseudonym} = known.current, key_id = %(key_id)s
from (
    select distinct
        former,
        current
    from landing.pseudonyms
    where batch_id = %(batch_id)s
) as known
where standing.{pseudonym} = known.former;
