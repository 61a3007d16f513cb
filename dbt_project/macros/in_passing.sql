{# dbt renames and drops what a reader may be looking at. As PostgreSQL does it, whoever comes later waits behind dbt, dbt behind the
   reader, and with a mart, for the sake of its keys, the dimensions that it refers to are locked, too. And two drops that take the same
   views with them may each wait for the other. So dbt waits for a moment only, lets go of what it locked for it, and tries again. #}

{% macro postgres__rename_relation(from_relation, to_relation) -%}
    {%- call statement('rename_relation') -%}
        {{ in_passing('alter table ' ~ from_relation ~ ' rename to ' ~ adapter.quote(to_relation.identifier), from_relation) }}
    {%- endcall -%}
{%- endmacro %}

{% macro postgres__drop_view(relation) -%}
    {{ in_passing('drop view if exists ' ~ relation ~ ' cascade', relation) }}
{%- endmacro %}

{% macro postgres__drop_table(relation) -%}
    {{ in_passing('drop table if exists ' ~ relation ~ ' cascade', relation) }}
{%- endmacro %}

{% macro in_passing(change, relation) -%}
    do $in_passing$
    declare
        gives_up_at constant timestamptz := clock_timestamp() + interval '{{ var("reader_patience_seconds") }} seconds';
    begin
        loop
            begin
                set local lock_timeout = '200ms';
                {{ change }};
                exit;
            exception when lock_not_available then
                if clock_timestamp() > gives_up_at then
                    raise exception using errcode = 'lock_not_available', message = '{{ relation.schema }}.{{ relation.identifier }}, '
                        'or what it refers to, was in use for {{ var("reader_patience_seconds") }} seconds: end the session that has been '
                        'at it longest (select * from pg_stat_activity order by xact_start) and run transform again';
                end if;
                perform pg_sleep(0.1 + 0.2 * random());
            end;
        end loop;
        set local lock_timeout to default;
    end
    $in_passing$
{%- endmacro %}

{# What a build that was killed, or gave up, left in marts. dbt would drop it in one transaction with the build of its mart, and keep the
   dimensions locked as long. Here each drop stands alone: hooks of a run are outside any transaction. #}
{% macro drop_what_was_left() -%}
    {%- if execute -%}
        {%- set left = run_query("select tablename from pg_tables where schemaname = 'marts' and tablename like '%\_\_dbt\_backup'") -%}
        {%- for name in left.columns[0].values() -%}
            {%- do adapter.drop_relation(api.Relation.create(database=target.database, schema='marts', identifier=name, type='table')) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
