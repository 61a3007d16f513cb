select
    delivery_id,
    sha256,
    uri
from ops.deliveries
where
    source = %(source)s
    and verdict is not null
    and forgotten_at is null
    and registered_at < now() - make_interval(days => %(days)s);
