-- Nothing looks for a record key over all deliveries, and an index on random keys is dearer to keep up with every year.
drop index if exists quarantine.records_key;
