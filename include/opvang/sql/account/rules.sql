select
    rule_results.rule,
    rule_results.severity,
    min(rule_results.reference) as reference,
    min(rule_results.reason) as reason,
    sum(rule_results.records)::bigint as records,
    count(*) as deliveries
from ops.rule_results
inner join ops.deliveries using (delivery_id)
where deliveries.batch_id = %(batch_id)s
group by rule_results.rule, rule_results.severity
order by rule_results.severity asc, records desc, rule_results.rule asc;
