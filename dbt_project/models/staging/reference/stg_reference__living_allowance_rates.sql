-- What an adult and a minor get a month; a table by family size is a range, since no feed tells families.
with monthly as (
    select
        *,
        string_to_array(case when person_category = 'any' then 'adult,minor' else person_category end, ',') as categories
    from {{ ref('leefgeld_rates') }}
    where period = 'month' and amount_eur is not null
),

amounts as (
    select
        monthly.valid_from,
        coalesce(monthly.valid_to + 1, 'infinity') as valid_until,
        category.person_category,
        min(monthly.amount_eur) filter (where monthly.component = 'food') as food_low_eur,
        max(monthly.amount_eur) filter (where monthly.component = 'food') as food_high_eur,
        max(monthly.amount_eur) filter (where monthly.component = 'clothing_personal') as clothing_eur,
        max(monthly.amount_eur) filter (where monthly.component = 'wooncomponent') as housing_eur,
        string_agg(distinct monthly.source, ' ') as source
    from monthly
    cross join unnest(monthly.categories) as category (person_category)
    group by monthly.valid_from, monthly.valid_to, category.person_category
),

of_unknown_age as (
    select
        valid_from,
        valid_until,
        'unknown' as person_category,
        min(food_low_eur) as food_low_eur,
        max(food_high_eur) as food_high_eur,
        min(clothing_eur) as clothing_low_eur,
        max(clothing_eur) as clothing_high_eur,
        min(housing_eur) as housing_low_eur,
        max(housing_eur) as housing_high_eur,
        min(source) as source
    from amounts
    group by valid_from, valid_until
),

final as (
    select
        valid_from,
        valid_until,
        person_category,
        food_low_eur,
        food_high_eur,
        clothing_eur as clothing_low_eur,
        clothing_eur as clothing_high_eur,
        housing_eur as housing_low_eur,
        housing_eur as housing_high_eur,
        source
    from amounts
    union all
    select * from of_unknown_age
)

select * from final
