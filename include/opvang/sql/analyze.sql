analyze {table};
