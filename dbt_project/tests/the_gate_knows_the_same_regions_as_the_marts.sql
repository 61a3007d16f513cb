-- The gate checks by delivered lists what a region may report; the marts place a municipality by the seeds. Both must say the same.
with told as (
    select * from {{ ref('stg_code_tables__safety_region_municipalities') }}
),

final as (
    select
        told.reference_from,
        told.municipality_code
    from told
    left join {{ ref('municipalities') }} as municipalities
        on
            told.municipality_code = municipalities.municipality_code
            and told.reference_from >= coalesce(municipalities.valid_from, '-infinity')
            and told.reference_from < coalesce(municipalities.valid_until, 'infinity')
    where told.safety_region_code is distinct from municipalities.safety_region_code
)

select * from final
