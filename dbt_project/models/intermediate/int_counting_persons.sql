{{ config(materialized='table') }}

with deliveries as (
    select * from {{ ref('int_current_deliveries') }}
    where source = 'brp'
),

-- Who speaks for a municipality: the latest delivery that covers it.
spokesmen as (
    select distinct on (municipalities.municipality_code)
        municipalities.municipality_code,
        deliveries.supplier,
        deliveries.reference_date
    from {{ ref('int_municipalities') }} as municipalities
    inner join deliveries on deliveries.covers in ('all', municipalities.municipality_code)
    where municipalities.valid_until is null
    order by municipalities.municipality_code asc, deliveries.reference_date desc, deliveries.received_at desc
),

last_versions as (
    select distinct on (persons.supplier, persons.record_key) persons.*
    from {{ ref('stg_brp__persons') }} as persons
    where persons.supplier in (select supplier from deliveries)
    order by persons.supplier asc, persons.record_key asc, persons.reference_to desc
),

-- Records that are in quarantine in the latest delivery, since the first of the deliveries without a break.
held as (
    select
        supplier,
        record_key,
        min(reference_date) as held_from
    from (
        select
            ranked.supplier,
            quarantined.record_key,
            ranked.reference_date,
            ranked.deliveries_ago
            - row_number() over (partition by ranked.supplier, quarantined.record_key order by ranked.deliveries_ago) as missed
        from (
            select
                *,
                row_number() over (partition by supplier order by reference_date desc) as deliveries_ago
            from deliveries
        ) as ranked
        inner join {{ ref('stg_ops__quarantined_records') }} as quarantined using (delivery_id)
    ) as stopped
    where missed = 0 and record_key is not null
    group by supplier, record_key
),

candidates as (
    select
        last_versions.*,
        residences.municipality_earliest_date,
        spokesmen.reference_date as spoken_on,
        case
            when last_versions.reference_to < 'infinity' then last_versions.reference_to
            -- Another delivery has spoken for the municipality since: there the person wasn't any more.
            when spokesmen.supplier <> last_versions.supplier then spokesmen.reference_date
            else 'infinity'
        end as gone_on
    from last_versions
    left join {{ ref('stg_brp__residences') }} as residences
        on
            last_versions.supplier = residences.supplier
            and last_versions.record_key = residences.record_key
            and last_versions.reference_to = residences.reference_to
            and residences.history_no = 0
    left join {{ ref('int_municipality_successors') }} as successors
        on 'GM' || residences.municipality_code = successors.code and successors.valid_until = 'infinity'
    left join spokesmen on successors.municipality_code = spokesmen.municipality_code
),

chosen as (
    select distinct on (record_key) *
    from candidates
    order by
        record_key asc,
        gone_on desc,
        municipality_earliest_date desc nulls last,
        spoken_on desc nulls last,
        supplier asc
),

final as (
    select
        chosen.record_key,
        chosen.supplier,
        chosen.reference_to as version_until,
        chosen.sex,
        chosen.birth_earliest_date,
        chosen.birth_latest_date,
        least(chosen.gone_on, chosen.suspended_earliest_date, chosen.death_earliest_date) as ended_on,
        case
            when chosen.death_earliest_date <= least(chosen.gone_on, chosen.suspended_earliest_date) then 'died'
            when chosen.suspended_earliest_date <= chosen.gone_on
                then case chosen.suspension_reason when 'O' then 'died' when 'E' then 'emigrated' else 'other_out' end
            when chosen.gone_on < 'infinity' then 'other_out'
        end as ended_by,
        held.held_from
    from chosen
    left join held on chosen.supplier = held.supplier and chosen.record_key = held.record_key
)

select * from final
