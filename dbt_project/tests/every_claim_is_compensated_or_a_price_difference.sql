-- Every delivered claim counts once, and no row holds amounts of both kinds.
with delivered as (
    select
        count(*) as claims,
        coalesce(sum(claimed_eur), 0) as claimed_eur,
        coalesce(sum(paid_eur), 0) as paid_eur
    from {{ ref('stg_claims__claims') }}
    where reference_to = 'infinity'
),

counted as (
    select
        coalesce(sum(claims), 0) as claims,
        coalesce(sum(claimed_eur), 0) + coalesce(sum(price_difference_eur), 0) as claimed_eur,
        coalesce(sum(paid_eur), 0) + coalesce(sum(price_difference_paid_eur), 0) as paid_eur,
        bool_or(num_nonnulls(claimed_eur, approved_eur, paid_eur, open_eur) > 0 and price_difference_eur is not null) as is_mixed,
        bool_or(open_eur < 0 or approved_eur > claimed_eur) as is_impossible
    from {{ ref('compensation_by_municipality') }}
)

select delivered.claims
from delivered
cross join counted
where
    (delivered.claims, delivered.claimed_eur, delivered.paid_eur) <> (counted.claims, counted.claimed_eur, counted.paid_eur)
    or counted.is_mixed
    or counted.is_impossible
