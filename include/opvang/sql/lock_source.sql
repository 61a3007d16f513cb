select pg_advisory_xact_lock(hashtextextended('opvang ' || %(source)s, 0));
