select
    supplier,
    count(*) as records
from {table}
where known_to = 'infinity' and reference_to = 'infinity' and key_id < %(key_id)s
group by supplier;
