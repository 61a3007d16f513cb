-- What autovacuum does in a quiet hour.
vacuum (analyze);
checkpoint;
