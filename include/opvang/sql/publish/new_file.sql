-- An empty table in a new file: PostgreSQL then writes the rows of this transaction there only, and its log has none of them.
drop index if exists {index};
truncate {raw};
