-- An unlogged table of as many text columns as the file has.
create schema if not exists bench;
drop table if exists bench.floor;
select format('create unlogged table bench.floor (%s)', string_agg(format('c%s text', position), ', ' order by position))
from generate_series(1, :columns) as positions (position) \gexec
checkpoint;
