create unique index if not exists deliveries_current
on ops.deliveries (source, supplier, scope, reference_date)
where verdict in ('published', 'quarantined_in_part') and superseded_at is null;
