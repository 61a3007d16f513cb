{{ config(materialized='table') }}

with contracted as (
    select distinct organisation from {{ ref('int_contracted_organisations') }}
),

kinds as (
    select distinct counts_as from {{ ref('interest_types') }}
),

asked as (
    select
        contracted.organisation,
        rules.sanction_rule,
        rules.more_than_pct / 100 as more_than,
        kinds.counts_as,
        points.point_no,
        points.known_from,
        points.known_to,
        points.valid_from,
        points.valid_until
    from contracted
    cross join {{ ref('int_ownership_points') }} as points
    cross join {{ ref('sanction_rules') }} as rules
    cross join kinds
),

final as (
    select
        asked.organisation,
        asked.sanction_rule,
        asked.counts_as,
        asked.point_no,
        asked.known_from,
        asked.known_to,
        asked.valid_from,
        asked.valid_until,
        case
            when stakes.first_category_low > asked.more_than then 'yes'
            when stakes.another_low >= 1 - asked.more_than then 'no'
            when stakes.first_category_high > asked.more_than then 'may_be'
            else 'unknown'
        end as answer,
        coalesce(stakes.first_category_low * 100, 0)::numeric(9, 6) as first_category_low_pct,
        coalesce(stakes.first_category_high * 100, 0)::numeric(9, 6) as first_category_high_pct,
        coalesce(stakes.another_low * 100, 0)::numeric(9, 6) as another_pct
    from asked
    left join {{ ref('int_ownership_stakes') }} as stakes using (organisation, sanction_rule, counts_as, point_no)
)

select * from final
