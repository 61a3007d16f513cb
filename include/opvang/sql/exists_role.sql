select 1 as one from pg_roles
where rolname = %(name)s;
