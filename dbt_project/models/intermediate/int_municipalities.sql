with listed as (
    select distinct on (municipality_code)
        *,
        min(listed_on_date) over (partition by municipality_code) as valid_from
    from {{ ref('stg_reference__municipalities') }}
    order by municipality_code asc, listed_on_date desc
),

mergers as (
    select * from {{ ref('stg_reference__mergers') }}
),

formed_later as (
    select
        mergers.new_municipality_code as municipality_code,
        mergers.new_municipality_name as municipality_name,
        min(listed.safety_region_code) as safety_region_code,
        min(listed.province_code) as province_code,
        sum(listed.inhabitants)::integer as inhabitants,
        bool_or(listed.is_inhabitants_estimated) as is_inhabitants_estimated,
        mergers.merger_date as valid_from
    from mergers
    inner join listed on mergers.old_municipality_code = listed.municipality_code
    where mergers.new_municipality_code not in (select municipality_code from listed)
    group by mergers.new_municipality_code, mergers.new_municipality_name, mergers.merger_date
),

municipalities as (
    select
        municipality_code, municipality_name, safety_region_code, province_code,
        inhabitants, is_inhabitants_estimated, valid_from
    from listed
    union all
    select * from formed_later
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
        municipalities.*,
        mergers.merger_date as valid_to,
        greatest(municipalities.valid_from, grown.merger_date) as inhabitants_from_date
    from municipalities
    left join mergers on municipalities.municipality_code = mergers.old_municipality_code
    left join grown on municipalities.municipality_code = grown.municipality_code
)

select * from final
