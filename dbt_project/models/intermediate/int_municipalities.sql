with listed as (
    select distinct on (municipality_code)
        municipality_code,
        municipality_name,
        safety_region_code,
        province_code,
        inhabitants,
        is_inhabitants_estimated,
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
        min(predecessors.safety_region_code) as safety_region_code,
        min(predecessors.province_code) as province_code,
        sum(predecessors.inhabitants)::integer as inhabitants,
        bool_or(predecessors.is_inhabitants_estimated) as is_inhabitants_estimated,
        mergers.merger_date as valid_from
    from mergers
    inner join listed as predecessors on mergers.old_municipality_code = predecessors.municipality_code
    left join listed on mergers.new_municipality_code = listed.municipality_code
    where listed.municipality_code is null
    group by mergers.new_municipality_code, mergers.new_municipality_name, mergers.merger_date
),

municipalities as (
    select * from listed
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
