-- How many rows a peer loaded; then nothing of it stays.
select count(*) from :"schema".selection;
drop schema :"schema" cascade;
