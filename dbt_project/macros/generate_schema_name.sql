{# A model's schema is the name that its folder is given in dbt_project.yml, never prefixed by the target's. #}
{% macro generate_schema_name(custom_schema_name, node) %}
    {{- custom_schema_name or target.schema -}}
{% endmacro %}
