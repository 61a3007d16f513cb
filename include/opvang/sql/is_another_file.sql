-- Other bytes were delivered under this address before.
select 1 as one
from ops.deliveries
where source = %(source)s and uri = %(uri)s and sha256 <> %(sha256)s
limit 1;
