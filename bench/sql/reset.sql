-- As if nothing but the code tables had ever been delivered.
select format('truncate %s', string_agg(format('%I.%I', schemaname, tablename), ', '))
from pg_tables
where schemaname in ('landing', 'raw') and tablename not like 'code_tables%'
\gexec
truncate quarantine.records, ops.breaches, ops.rule_results, ops.endpoint_versions, ops.endpoint_faults;
delete from ops.deliveries where source <> 'code_tables';
delete from ops.batches where source <> 'code_tables';
vacuum analyze ops.deliveries;
checkpoint;
