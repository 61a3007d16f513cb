with national_tables as (
    select distinct on (municipality_code)
        'GM' || municipality_code as municipality_code,
        description as municipality_name,
        'GM' || successor_code as successor_code,
        start_date as valid_from,
        end_date as valid_until
    from {{ ref('stg_code_tables__municipalities') }}
    -- Unknown, and the registry of non-residents (RNI): no municipalities.
    where municipality_code not in ('0000', '1999')
    -- Where two suppliers know a municipality, the one that knows its end knows more.
    order by municipality_code asc, end_date asc nulls last, delivery_id asc
),

listed as (
    select distinct on (municipality_code) *
    from {{ ref('stg_reference__municipalities') }}
    order by municipality_code asc, listed_on_date desc
),

-- What went into a municipality: since when it has its borders, and where it lies when it is on no list yet.
joined_by as (
    select
        national_tables.successor_code as municipality_code,
        max(national_tables.valid_until) as merger_date,
        min(listed.safety_region_code) as safety_region_code,
        min(listed.province_code) as province_code,
        sum(listed.inhabitants)::integer as inhabitants,
        bool_or(listed.is_inhabitants_estimated) as is_inhabitants_estimated
    from national_tables
    left join listed on national_tables.municipality_code = listed.municipality_code
    where national_tables.successor_code is not null
    group by national_tables.successor_code
),

final as (
    select
        national_tables.municipality_code,
        national_tables.municipality_name,
        coalesce(listed.safety_region_code, joined_by.safety_region_code) as safety_region_code,
        coalesce(listed.province_code, joined_by.province_code) as province_code,
        coalesce(listed.inhabitants, joined_by.inhabitants) as inhabitants,
        coalesce(listed.is_inhabitants_estimated, joined_by.is_inhabitants_estimated) as is_inhabitants_estimated,
        national_tables.valid_from,
        national_tables.valid_until,
        national_tables.successor_code,
        -- The inhabitants are those of the present borders, so they say nothing of the days before the last merger.
        greatest(national_tables.valid_from, joined_by.merger_date, date '2022-01-01') as inhabitants_from_date
    from national_tables
    left join listed on national_tables.municipality_code = listed.municipality_code
    left join joined_by on national_tables.municipality_code = joined_by.municipality_code
)

select * from final
