select
    uri,
    version
from ops.endpoint_versions
where source = %(source)s;
