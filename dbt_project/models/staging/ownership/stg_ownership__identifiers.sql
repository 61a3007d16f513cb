{{ config(materialized='table', post_hook="{{ analyze_tables() }}") }}

-- A table: several models join by numbers, and a register has hundreds of thousands to clean.
select distinct
    statements.supplier,
    statements.record_id,
    {{ organisation_number('identifiers.scheme', 'identifiers.identifier') }} as organisation_number
from {{ source('ownership', 'identifiers') }} as identifiers
inner join {{ source('ownership', 'statements') }} as statements
    on identifiers.supplier = statements.supplier and identifiers.statement_id = statements.statement_id
where
    statements.record_type <> 'relationship'
    and identifiers.reference_to = 'infinity' and statements.reference_to = 'infinity'
