-- Which records of the batch broke rules: stopped by a critical one, flagged by a warning.
create temporary table judged on commit drop as
select
    breaches.delivery_id,
    breaches.record_no,
    bool_or(breaches.severity = 'critical') as is_stopped,
    array_agg(distinct breaches.rule order by breaches.rule) filter (where breaches.severity = 'critical') as stopped_by,
    array_agg(distinct breaches.rule order by breaches.rule) filter (where breaches.severity = 'warning') as flags,
    jsonb_agg(distinct jsonb_build_object(
        'rule', breaches.rule, 'severity', breaches.severity, 'reference', breaches.reference, 'reason', breaches.reason
    )) as breaches
from landing.breaches
inner join ops.deliveries using (delivery_id)
where deliveries.batch_id = %(batch_id)s and deliveries.verdict is null
group by breaches.delivery_id, breaches.record_no;
