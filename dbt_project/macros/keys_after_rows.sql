{# The key and the references of a table under contract are set once its rows stand. Set before them, as dbt does, every row asks
   for its references by itself, and the tables that are referred to stay locked for as long as the query takes: no two marts
   would be built at once. #}

{% macro postgres__create_indexes(relation) -%}
    {%- do dbt.default__create_indexes(relation) -%}
    {%- if model.resource_type == 'model' and config.get('contract').enforced -%}
        {%- for constraint in adapter.render_raw_model_constraints(raw_constraints=constraints_over_rows()) -%}
            {%- do run_query('alter table ' ~ relation ~ ' add ' ~ constraint) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{% macro postgres__get_table_columns_and_constraints() -%}
    {%- set columns = {} -%}
    {%- for name, column in model['columns'].items() -%}
        {%- set of_each_row = column['constraints'] | selectattr('type', 'equalto', 'not_null') | list -%}
        {%- do columns.update({name: dict(column, constraints=of_each_row)}) -%}
    {%- endfor -%}
    ({{ adapter.render_raw_columns_constraints(raw_columns=columns) | join(', ') }})
{%- endmacro %}

{% macro constraints_over_rows() -%}
    {%- set found = model['constraints'] | list -%}
    {%- for column in model['columns'].values() -%}
        {%- for constraint in column['constraints'] | rejectattr('type', 'equalto', 'not_null') -%}
            {%- do found.append(dict(constraint, columns=[column['name']])) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
