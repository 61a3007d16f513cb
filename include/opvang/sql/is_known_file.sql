select 1 as one
from ops.deliveries
where
    source = %(source)s and uri = %(uri)s and bytes = %(bytes)s and modified_at = %(modified_at)s
    and forgotten_at is null;
