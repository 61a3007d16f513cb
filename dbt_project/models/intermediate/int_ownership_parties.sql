{{ config(materialized='table') }}

-- What an organisation or person is, under each rule: of the first category; another at the end of a chain, such as a state or a
-- person of other nationality; or neither.
with parties as (
    select
        organisations.organisation,
        versions.known_from,
        versions.known_to,
        versions.valid_from,
        versions.valid_until,
        versions.entity_name,
        versions.entity_type,
        case versions.record_type
            when 'person' then versions.nationality_codes
            else array[left(versions.jurisdiction_code, 2)]
        end as country_codes,
        versions.record_type = 'person' and versions.person_type = 'knownPerson'
        or versions.record_type = 'entity' and versions.entity_type in ('state', 'stateBody') as is_end
    from {{ ref('int_ownership_versions') }} as versions
    inner join {{ ref('int_organisations') }} as organisations using (supplier, record_id)
    where versions.record_type in ('entity', 'person') and versions.valid_from < versions.valid_until
),

final as (
    select
        rules.sanction_rule,
        parties.organisation,
        parties.known_from,
        parties.known_to,
        parties.valid_from,
        parties.valid_until,
        parties.entity_name,
        parties.entity_type,
        array_to_string(parties.country_codes, ',') as country_codes,
        coalesce(rules.country_code = any(parties.country_codes), false) as is_first_category,
        parties.is_end and coalesce(cardinality(array_remove(parties.country_codes, null)), 0) > 0
        and not coalesce(rules.country_code = any(parties.country_codes), false) as is_another
    from parties
    cross join {{ ref('sanction_rules') }} as rules
)

select * from final
