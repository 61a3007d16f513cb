-- The days on which somebody is authorised lie within the listed authorisations of that municipality, and every delivered one is listed.
with days as (
    select distinct
        reference_date,
        municipality_code
    from {{ ref('int_sanctioned_municipality_days') }}
    where authorised_until_date is not null
)

select days.municipality_code
from days
left join {{ ref('authorisations_by_holder') }} as listed
    on
        days.municipality_code = listed.municipality_code
        and days.reference_date between listed.valid_from_date and listed.valid_until_date
        and listed.contracts > 0
where listed.decision_reference is null
union all
select listed.municipality_code
from {{ ref('authorisations_by_holder') }} as listed
full join {{ ref('stg_sanction_decisions__authorisations') }} as delivered using (decision_reference, row_of_decision)
where listed.decision_reference is null and delivered.reference_to = 'infinity'
