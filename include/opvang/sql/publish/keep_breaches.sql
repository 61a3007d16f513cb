-- A warning about a delivery as a whole has record number 0 and no line.
insert into ops.breaches (delivery_id, record_no, line_no, rule)
select
    breaches.delivery_id,
    breaches.record_no,
    min(landed.line_no),
    breaches.rule
from last_deliveries
inner join landing.breaches using (delivery_id)
left join {table} as landed
    on breaches.delivery_id = landed.delivery_id and breaches.record_no = landed.record_no
where last_deliveries.scope = %(scope)s
group by breaches.delivery_id, breaches.record_no, breaches.rule
on conflict do nothing;
