-- The rows that break any of a table's rules, with the rules that they break: one scan for all of them.
-- A table of its own, since PostgreSQL reads in parallel for `create table as` and not for `insert`.
create temporary table found on commit drop as
select distinct
    landed.delivery_id,
    landed.record_no,
    broken.rule
from (
    select * from {view}
    where {any_condition}
) as landed
cross join lateral ({rules}) as broken (rule, is_broken)
where broken.is_broken;
