with reported as (
    select
        reference_date,
        count(*) filter (where timeliness <> 'missing') as regions
    from {{ ref('feed_timeliness_by_region_day') }}
    group by reference_date
),

final as (
    select national.reference_date
    from {{ ref('national_position_by_day') }} as national
    full join reported on national.reference_date = reported.reference_date
    where national.regions_reporting is distinct from reported.regions
)

select * from final
