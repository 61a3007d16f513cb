insert into ops.endpoint_faults (source, supplier, fault)
select
    %(source)s,
    found.supplier,
    found.fault
from unnest(%(suppliers)s::text [], %(faults)s::text []) as found (supplier, fault)
on conflict (source, supplier) do update
    set fault = excluded.fault;
