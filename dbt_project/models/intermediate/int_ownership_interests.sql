{{ config(materialized='table') }}

with versions as (
    select * from {{ ref('int_ownership_versions') }}
    where record_type = 'relationship'
),

dated as (
    select
        subjects.organisation as subject,
        holders.organisation as holder,
        -- The steps of an indirect interest are statements of their own: with them it would count twice.
        case
            when not (interests.direct_or_indirect = 'indirect' and versions.has_components) then interest_types.counts_as
        end as counts_as,
        interests.share_low_pct,
        interests.share_high_pct,
        interests.direct_or_indirect,
        versions.supplier,
        versions.record_id,
        versions.statement_id,
        versions.unspecified_reason,
        versions.known_from,
        versions.known_to,
        interests.start_date,
        -- Where no first day is stated it is that of the statement's other interests, or the day of the statement.
        greatest(
            coalesce(interests.start_date, min(interests.start_date) over statement, versions.statement_date), versions.valid_from
        ) as valid_from,
        least(
            interests.end_date,
            versions.valid_until,
            case when versions.record_status = 'closed' then coalesce(interests.end_date, versions.statement_date) end
        ) as valid_until
    from versions
    inner join {{ ref('int_organisations') }} as subjects
        on versions.supplier = subjects.supplier and versions.subject_record_id = subjects.record_id
    inner join {{ ref('stg_ownership__interests') }} as interests
        on
            versions.supplier = interests.supplier
            and versions.statement_id = interests.statement_id
            and versions.known_from >= interests.known_from
            and versions.known_from < interests.known_to
    left join {{ ref('int_organisations') }} as holders
        on versions.supplier = holders.supplier and versions.interested_party_record_id = holders.record_id
    left join {{ ref('interest_types') }} as interest_types using (interest_type)
    window statement as (partition by versions.statement_id, versions.supplier, versions.known_from)
),

final as (
    select * from dated
    where valid_from < valid_until and counts_as is not null
)

select * from final
