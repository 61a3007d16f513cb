with persons as (
    select
        month_start_date,
        reference_date,
        municipality_code,
        lives_in,
        person_category,
        count(*) as persons
    from {{ ref('int_living_situations') }}
    group by month_start_date, reference_date, municipality_code, lives_in, person_category
),

-- Meals in kind take the place of the food part in municipal reception, and nobody tells where: at least without, at most with.
-- Whether who lives at no reported location has a host, nobody tells either: at least without the housing component, at most with.
rated as (
    select
        persons.*,
        rates.valid_from as rate_valid_from,
        rates.source,
        persons.persons
        * (rates.clothing_low_eur + case when persons.lives_in = 'municipal_reception' then 0 else rates.food_low_eur end) as allowance_low,
        persons.persons * (rates.clothing_high_eur + rates.food_high_eur) as allowance_high,
        persons.persons * case when persons.lives_in = 'private_hosting' then rates.housing_low_eur else 0 end as housing_low,
        persons.persons * case when persons.lives_in = 'municipal_reception' then 0 else rates.housing_high_eur end as housing_high
    from persons
    left join {{ ref('stg_reference__living_allowance_rates') }} as rates
        on
            persons.person_category = rates.person_category
            and persons.reference_date >= rates.valid_from
            and persons.reference_date < rates.valid_until
),

final as (
    select
        month_start_date,
        municipality_code,
        lives_in,
        reference_date,
        sum(persons)::integer as persons,
        coalesce(sum(persons) filter (where person_category = 'adult'), 0)::integer as adults,
        coalesce(sum(persons) filter (where person_category = 'minor'), 0)::integer as minors,
        coalesce(sum(persons) filter (where person_category = 'unknown'), 0)::integer as persons_of_unknown_age,
        (case when lives_in = 'private_hosting' then sum(persons) else 0 end)::integer as persons_with_housing_low,
        (case when lives_in = 'municipal_reception' then 0 else sum(persons) end)::integer as persons_with_housing_high,
        sum(allowance_low)::numeric(14, 2) as living_allowance_low_eur,
        sum(allowance_high)::numeric(14, 2) as living_allowance_high_eur,
        sum(housing_low)::numeric(14, 2) as housing_component_low_eur,
        sum(housing_high)::numeric(14, 2) as housing_component_high_eur,
        min(rate_valid_from) as rate_valid_from,
        min(source) as rate_source
    from rated
    group by month_start_date, municipality_code, lives_in, reference_date
)

select * from final
