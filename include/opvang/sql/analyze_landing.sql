-- Only what rows are joined by: no rule is planned by how a column's values are spread.
analyze {table} (delivery_id, record_no, row_no, record_key);
