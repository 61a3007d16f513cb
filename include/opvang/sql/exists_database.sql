select 1 as one from pg_database
where datname = %(name)s;
