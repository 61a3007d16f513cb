with days as (
    select *
    from (
        values (date '2020-01-01', 355), (date '2021-01-01', 352), (date '2022-01-01', 345), (date '2022-03-23', 345), (date '2022-03-24', 344), (date '2023-01-01', 342)
    ) as days (day, expected)
),

counted as (
    select
        days.day,
        days.expected,
        count(*) as municipalities,
        count(distinct municipalities.safety_region_code) as safety_regions
    from days
    inner join {{ ref('municipalities') }} as municipalities
        on days.day >= coalesce(municipalities.valid_from, '-infinity') and days.day < coalesce(municipalities.valid_until, 'infinity')
    group by days.day, days.expected
),

final as (
    select * from counted
    where municipalities <> expected or (day >= '2022-01-01' and safety_regions <> 25)
)

select * from final
