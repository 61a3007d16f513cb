"""`make bench`: how fast the gate is, beside PostgreSQL's own COPY and the loaders that people pick."""
