-- What a municipality, its region and the country say of one day is the same, told three times; a group's contract counts once in each.
with by_municipality as (
    select
        reference_date,
        count(distinct municipality_code) filter (where answer = 'yes') as municipalities,
        count(distinct municipality_code) filter (where answer = 'yes' and authorised_until_date is not null) as municipalities_authorised
    from {{ ref('sanctioned_contracts_by_municipality_day') }}
    group by reference_date
),

by_region as (
    select
        reference_date,
        sum(municipalities) as municipalities,
        sum(municipalities_authorised) as municipalities_authorised,
        sum(contracts) as contracts
    from {{ ref('sanctioned_contracts_by_region_day') }}
    group by reference_date
)

select national.reference_date
from {{ ref('sanctioned_contracts_by_day') }} as national
full join by_municipality using (reference_date)
full join by_region using (reference_date)
where
    national.municipalities is distinct from by_municipality.municipalities
    or national.municipalities is distinct from by_region.municipalities
    or national.municipalities_authorised is distinct from by_municipality.municipalities_authorised
    or national.municipalities_authorised is distinct from by_region.municipalities_authorised
    or national.contracts_authorised > national.contracts
    or by_region.contracts < national.contracts
