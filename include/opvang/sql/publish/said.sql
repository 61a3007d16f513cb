create temporary view said as
select * from delivered
union all
select * from held;
