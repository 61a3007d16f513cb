-- An empty schema for a peer to make its table in.
drop schema if exists :"schema" cascade;
create schema :"schema";
checkpoint;
