grant select on all tables in schema raw, ops to opvang_transformer;
