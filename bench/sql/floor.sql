select count(*) from bench.floor;
drop table bench.floor;
