truncate {table};
