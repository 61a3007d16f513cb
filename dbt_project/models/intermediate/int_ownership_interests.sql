{{ config(materialized='table') }}

with versions as (
    select * from {{ ref('int_ownership_versions') }}
    where record_type = 'relationship'
),

interests as (
    select
        interests.*,
        interest_types.counts_as
    from {{ ref('stg_ownership__interests') }} as interests
    inner join {{ ref('interest_types') }} as interest_types using (interest_type)
),

dated as (
    select
        links.subject,
        links.holder,
        interests.counts_as,
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
        greatest(interests.start_date, versions.valid_from) as valid_from,
        least(
            interests.end_date,
            versions.valid_until,
            case when versions.record_status = 'closed' then coalesce(interests.end_date, versions.statement_date) end
        ) as valid_until
    from versions
    inner join {{ ref('int_ownership_links') }} as links using (supplier, record_id)
    inner join interests
        on
            versions.supplier = interests.supplier
            and versions.statement_id = interests.statement_id
            and versions.known_from >= interests.known_from
            and versions.known_from < interests.known_to
    -- The steps of an indirect interest are statements of their own: with them it would count twice.
    where not (interests.direct_or_indirect = 'indirect' and versions.has_components)
),

final as (
    select * from dated
    where valid_from < valid_until
)

select * from final
