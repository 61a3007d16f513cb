-- Who withdrew it; empty for what the gate closed by itself.
alter table quarantine.records add column if not exists closed_by text;
