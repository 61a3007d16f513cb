create schema if not exists {schema} authorization {owner};
