select
    source,
    verdict,
    count(*) as deliveries,
    min(reference_date) as first_date,
    max(reference_date) as last_date,
    sum(records_read)::bigint as records_read,
    sum(records_published)::bigint as records_published,
    sum(records_flagged)::bigint as records_flagged,
    sum(records_quarantined)::bigint as records_quarantined,
    sum(records_refused)::bigint as records_refused
from ops.deliveries
where %(source)s::text is null or source = %(source)s
group by source, verdict
order by source, verdict;
