delete from ops.endpoint_faults
where source = %(source)s and supplier <> all(%(suppliers)s::text []);
