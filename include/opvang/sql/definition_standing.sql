-- Every table, view and index of the loader with its columns, their types, and who may read it, as one mark.
select
    md5(string_agg(
        concat_ws(
            ' ', relations.oid::regclass, relations.relkind, relations.relacl, columns.attname, columns.atttypid::regtype
        ),
        ',' order by relations.relnamespace, relations.relname, columns.attnum
    )) as mark
from pg_class as relations
left join pg_attribute as columns on relations.oid = columns.attrelid and columns.attnum > 0 and not columns.attisdropped
where relations.relnamespace in ('landing'::regnamespace, 'raw'::regnamespace, 'quarantine'::regnamespace, 'ops'::regnamespace);
