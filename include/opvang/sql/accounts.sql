select
    deliveries.delivery_id,
    deliveries.replay_of,
    deliveries.file_name as file,
    deliveries.sha256,
    deliveries.supplier,
    deliveries.reference_date,
    deliveries.received_at,
    deliveries.records_read,
    deliveries.records_published,
    deliveries.records_flagged,
    deliveries.records_quarantined,
    deliveries.records_refused,
    deliveries.verdict,
    deliveries.refused_because as message,
    coalesce(broken.rules, '[]'::jsonb) as rules
from ops.deliveries
left join lateral (
    select
        jsonb_agg(
            jsonb_build_object(
                'rule', rule, 'severity', severity, 'reference', reference, 'reason', reason, 'records', records
            )
            order by severity asc, records desc, rule asc
        ) as rules
    from ops.rule_results
    where rule_results.delivery_id = deliveries.delivery_id
) as broken on true
where deliveries.delivery_id = any(%(deliveries)s)
order by array_position(%(deliveries)s, deliveries.delivery_id);
