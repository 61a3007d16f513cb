update {raw} as standing
set known_to = replaced.replaced_at
from replaced
where standing.ctid = replaced.row_at;
