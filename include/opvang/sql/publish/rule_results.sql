insert into ops.rule_results (delivery_id, rule, severity, reference, reason, records)
select
    breaches.delivery_id,
    breaches.rule,
    breaches.severity,
    min(breaches.reference),
    min(breaches.reason),
    count(distinct breaches.record_no)
from landing.breaches
inner join ops.deliveries using (delivery_id)
where deliveries.batch_id = %(batch_id)s and deliveries.verdict is null
group by breaches.delivery_id, breaches.rule, breaches.severity;
