delete from ops.endpoint_faults
where
    source = %(source)s
    and supplier <> all(%(suppliers)s::text [])
    and (%(are_all)s or supplier = any(%(asked)s::text []));
