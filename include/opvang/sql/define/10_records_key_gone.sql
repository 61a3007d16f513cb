-- Nothing looks for a record key over all deliveries, and to keep this index up cost a page of the log per record, more with every year.
drop index if exists quarantine.records_key;
