-- Installations from before there were replays hold every file to one delivery; the next statement holds that of originals.
alter table ops.deliveries drop constraint if exists deliveries_source_supplier_reference_date_sha256_key;
