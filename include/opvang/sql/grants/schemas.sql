do $$
begin
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect, temporary on database %I to opvang_loader, opvang_transformer', current_database());
    execute format('grant connect on database %I to opvang_reader', current_database());
    revoke all on schema public from public;
    grant usage on schema raw, ops to opvang_transformer;
    grant usage on schema marts to opvang_reader;
    alter role opvang_reader set default_transaction_read_only = on;
    alter role opvang_reader set statement_timeout = '60s';
    alter role opvang_reader set idle_in_transaction_session_timeout = '5min';
    alter role opvang_transformer set search_path = staging;
    alter default privileges for role opvang_loader in schema raw, ops grant select on tables to opvang_transformer;
    alter default privileges for role opvang_transformer in schema marts grant select on tables to opvang_reader;
end
$$;
