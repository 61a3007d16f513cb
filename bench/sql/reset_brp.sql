-- As if brp had never been delivered; the code tables stay.
truncate
landing.brp_persons, landing.brp_nationalities, landing.brp_residences, landing.brp_residence_titles, landing.breaches,
raw.brp_persons, raw.brp_nationalities, raw.brp_residences, raw.brp_residence_titles, quarantine.records, ops.breaches, ops.rule_results;
delete from ops.deliveries where source = 'brp';
delete from ops.batches where source = 'brp';
vacuum analyze ops.deliveries;
checkpoint;
