update {raw} as standing
set known_to = greatest(standing.known_from, replaced.replaced_at)
from replaced
where standing.ctid = replaced.row_at;
