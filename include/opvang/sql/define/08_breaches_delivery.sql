create index if not exists breaches_delivery on landing.breaches (delivery_id, record_no);
