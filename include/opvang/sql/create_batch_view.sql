create or replace view {view} as
select * from {table}
where batch_id = current_setting('opvang.batch_id')::bigint;
