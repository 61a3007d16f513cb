with national_table as (
    select
        'GM' || municipality_code as municipality_code,
        description as municipality_name,
        'GM' || successor_code as successor_code,
        start_date as valid_from,
        end_date as valid_until
    from {{ ref('stg_code_tables__municipalities') }}
    -- Unknown, and the registry of non-residents (RNI): no municipalities.
    where municipality_code not in ('0000', '1999')
),

mergers as (
    select * from {{ ref('stg_reference__mergers') }}
),

listed as (
    select distinct on (municipality_code) *
    from {{ ref('stg_reference__municipalities') }}
    order by municipality_code asc, listed_on_date desc
),

-- What the national table as shipped doesn't know yet.
formed_later as (
    select
        mergers.new_municipality_code as municipality_code,
        mergers.new_municipality_name as municipality_name,
        mergers.merger_date as valid_from,
        min(listed.safety_region_code) as safety_region_code,
        min(listed.province_code) as province_code,
        sum(listed.inhabitants)::integer as inhabitants,
        bool_or(listed.is_inhabitants_estimated) as is_inhabitants_estimated
    from mergers
    inner join listed on mergers.old_municipality_code = listed.municipality_code
    where mergers.new_municipality_code not in (select municipality_code from national_table)
    group by mergers.new_municipality_code, mergers.new_municipality_name, mergers.merger_date
),

known as (
    select
        municipality_code,
        municipality_name,
        successor_code,
        valid_from,
        valid_until
    from national_table
    union all
    select
        municipality_code,
        municipality_name,
        null as successor_code,
        valid_from,
        null as valid_until
    from formed_later
),

-- The inhabitants are those of the present borders, so they say nothing of the days before the last merger.
grown as (
    select
        new_municipality_code as municipality_code,
        max(merger_date) as merger_date
    from mergers
    group by new_municipality_code
),

final as (
    select
        known.municipality_code,
        known.municipality_name,
        coalesce(listed.safety_region_code, formed_later.safety_region_code) as safety_region_code,
        coalesce(listed.province_code, formed_later.province_code) as province_code,
        coalesce(listed.inhabitants, formed_later.inhabitants) as inhabitants,
        coalesce(listed.is_inhabitants_estimated, formed_later.is_inhabitants_estimated) as is_inhabitants_estimated,
        known.valid_from,
        coalesce(known.valid_until, mergers.merger_date) as valid_until,
        coalesce(known.successor_code, mergers.new_municipality_code) as successor_code,
        greatest(known.valid_from, grown.merger_date, date '2022-01-01') as inhabitants_from_date
    from known
    left join listed on known.municipality_code = listed.municipality_code
    left join formed_later on known.municipality_code = formed_later.municipality_code
    left join mergers on known.municipality_code = mergers.old_municipality_code
    left join grown on known.municipality_code = grown.municipality_code
)

select * from final
