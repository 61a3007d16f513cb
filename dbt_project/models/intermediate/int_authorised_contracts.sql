{{ config(materialized='table') }}

-- An extension that follows on is one stretch with what it extends.
with stretches as (
    select
        contract_key,
        organisation_number,
        municipality_code,
        unnest(range_agg(daterange(valid_from_date, valid_until_date, '[]'))) as days
    from {{ ref('int_authorisation_contracts') }}
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
