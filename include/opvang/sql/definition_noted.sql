-- A comment, and no table: it is there before the first table is.
select obj_description('ops'::regnamespace, 'pg_namespace') as definition;
