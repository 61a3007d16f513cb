-- How many rows are broken PostgreSQL can only guess, and guesses far too many: it is told not to fear them when it may read in parallel.
select
    set_config('opvang.batch_id', %(batch_id)s, true),
    set_config('parallel_tuple_cost', '0.001', true);
