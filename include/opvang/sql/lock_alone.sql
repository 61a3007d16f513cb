lock table {table} in access exclusive mode nowait;
