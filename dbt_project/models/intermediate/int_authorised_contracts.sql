{{ config(materialized='table') }}

-- Who is authorised is so until the authorisation ends, and whom it merges into from the merger on.
with held as (
    select
        authorised.contract_key,
        authorised.organisation_number,
        lies.municipality_code,
        daterange(greatest(authorised.valid_from_date, lies.valid_from), authorised.valid_until_date, '[]') as days
    from {{ ref('int_authorisation_contracts') }} as authorised
    inner join {{ ref('int_municipality_successors') }} as lies
        on authorised.municipality_code = lies.code and authorised.valid_until_date >= lies.valid_from
),

-- An extension that follows on is one stretch with what it extends.
stretches as (
    select
        contract_key,
        organisation_number,
        municipality_code,
        unnest(range_agg(days)) as days
    from held
    group by contract_key, organisation_number, municipality_code
),

final as (
    select
        contract_key,
        organisation_number,
        municipality_code,
        lower(days) as from_date,
        upper(days) as until_date
    from stretches
)

select * from final
