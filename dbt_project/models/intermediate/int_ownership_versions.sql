-- The only statement about a record holds for all days, as long as it is known.
with final as (
    select
        statements.supplier,
        statements.record_id,
        statements.record_type,
        statements.record_status,
        statements.statement_id,
        statements.statement_date,
        statements.entity_type,
        statements.entity_name,
        statements.jurisdiction_code,
        statements.person_type,
        statements.nationality_codes,
        statements.subject_record_id,
        statements.interested_party_record_id,
        statements.unspecified_reason,
        statements.has_components,
        coalesce(successions.known_from, statements.known_from) as known_from,
        coalesce(successions.known_to, statements.known_to) as known_to,
        coalesce(successions.valid_from, '-infinity') as valid_from,
        coalesce(successions.valid_until, 'infinity') as valid_until
    from {{ ref('int_ownership_statements') }} as statements
    left join {{ ref('int_ownership_successions') }} as successions
        on
            statements.supplier = successions.supplier
            and statements.statement_id = successions.statement_id
            and statements.known_from <= successions.known_from
            and statements.known_to > successions.known_from
)

select * from final
