with final as (
    select
        reference_date,
        target_places
    from {{ ref('places_vs_target_by_region_day') }}
    group by reference_date, target_places, target_due_date
    having count(*) <> 25 or sum(share_equal) <> target_places or sum(share_by_inhabitants) <> target_places
    union all
    select
        national.reference_date,
        national.target_places
    from {{ ref('national_position_by_day') }} as national
    left join {{ ref('places_vs_target_by_region_day') }} as regional
        on
            national.reference_date = regional.reference_date
            and national.target_places = regional.target_places
            and national.target_due_date = regional.target_due_date
            and regional.is_latest_target
    where national.target_places is not null
    group by national.reference_date, national.target_places, national.places_available
    having count(regional.safety_region_code) <> 25 or national.places_available is distinct from sum(regional.places_available)
)

select * from final
