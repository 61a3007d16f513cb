drop table if exists {table} cascade;
