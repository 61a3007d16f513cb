-- The mart of what was known when, asked as of now, gives the exposed contracts of each day that the mart by day has.
with as_known as (
    select
        days.calendar_date as reference_date,
        contracts.municipality_code,
        contracts.ocid,
        contracts.contract_id,
        contracts.role,
        contracts.organisation_number,
        contracts.answer
    from {{ ref('sanctioned_contracts_as_known') }} as contracts
    inner join {{ ref('days') }} as days on days.calendar_date between contracts.exposed_from_date and contracts.exposed_until_date
    where contracts.known_until = 'infinity'
),

by_day as (
    select contracts.*
    from {{ ref('sanctioned_contracts_by_municipality_day') }} as contracts
    inner join {{ ref('days') }} as days on contracts.reference_date = days.calendar_date
)

select
    reference_date,
    municipality_code,
    ocid,
    contract_id
from as_known
full join by_day using (reference_date, municipality_code, ocid, contract_id, role, organisation_number)
where as_known.answer is distinct from by_day.answer
