{{ config(
    materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key',
    indexes=[{'columns': ['record_key']}, {'columns': ['build_no']}],
    pre_hook="{{ forget_what_is_made_anew('int_known_stretches') }}"
) }}

with stretches as (
    select * from {{ ref('int_known_stretches') }}
    {{ where_not_taken_in() }}
),

-- What each supplier last said of the person, as known then.
claims as (
    select distinct on (stretches.record_key, stretches.known_from, persons.supplier)
        stretches.known_from as since,
        stretches.known_until as until,
        stretches.build_no,
        persons.*
    from stretches
    inner join {{ ref('stg_brp__persons') }} as persons
        on
            stretches.record_key = persons.record_key
            and stretches.known_from >= persons.known_from
            and stretches.known_from < persons.known_to
    where persons.supplier in (select deliveries.supplier from {{ ref('int_known_deliveries') }} as deliveries)
    order by stretches.record_key asc, stretches.known_from asc, persons.supplier asc, persons.reference_to desc
),

candidates as (
    select
        claims.*,
        residing.municipality_earliest_date,
        spokesmen.since_date,
        case
            when claims.reference_to < 'infinity' then claims.reference_to
            -- Another supplier has spoken for the municipality since: there the person wasn't any more.
            when spokesmen.supplier <> claims.supplier then spokesmen.since_date
            else 'infinity'
        end as gone_on
    from claims
    left join {{ ref('int_known_residences') }} as residing
        on
            claims.record_key = residing.record_key
            and claims.supplier = residing.supplier
            and claims.reference_to = residing.reference_to
            and claims.since >= residing.known_from
            and claims.since < residing.known_to
    left join {{ ref('int_known_spokesmen') }} as spokesmen
        on
            residing.municipality_code = spokesmen.municipality_code
            and claims.since >= spokesmen.known_from
            and claims.since < spokesmen.known_until
),

chosen as (
    select distinct on (record_key, since) *
    from candidates
    order by
        record_key asc,
        since asc,
        gone_on desc,
        municipality_earliest_date desc nulls last,
        since_date desc nulls last,
        supplier asc
),

final as (
    select
        record_key,
        since as known_from,
        until as known_until,
        supplier,
        reference_to as version_until,
        sex,
        birth_earliest_date,
        birth_latest_date,
        -- A death suspends; the date of death by itself, often known in part only, counts where it wasn't.
        least(gone_on, coalesce(suspended_earliest_date, death_earliest_date)) as ended_on,
        case
            when suspended_earliest_date <= gone_on
                then case suspension_reason when 'O' then 'died' when 'E' then 'emigrated' else 'other_out' end
            when suspended_earliest_date is null and death_earliest_date <= gone_on then 'died'
            when gone_on < 'infinity' then 'other_out'
        end as ended_by,
        build_no
    from chosen
)

select * from final
