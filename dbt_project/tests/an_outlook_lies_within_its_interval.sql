with final as (
    select safety_region_code
    from {{ ref('outlook_by_region') }}
    where
        places_on_due_date not between places_on_due_date_low and places_on_due_date_high
        or full_date not between coalesce(full_date_earliest, full_date) and coalesce(full_date_latest, full_date)
        or can_be_said = (why_not is not null)
        or (not can_be_said and coalesce(places_on_due_date::text, full_date_earliest::text) is not null)
    union all
    select 'not 25' as safety_region_code
    from {{ ref('outlook_by_region') }}
    having count(*) not in (0, 25)
)

select * from final
