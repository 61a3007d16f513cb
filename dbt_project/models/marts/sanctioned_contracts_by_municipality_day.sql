with final as (
    select
        reference_date,
        municipality_code,
        municipality_name,
        safety_region_code,
        ocid,
        contract_id,
        role,
        organisation_number,
        organisation_name,
        energy_carrier,
        answer,
        first_category_low_pct,
        chain,
        concluded_date,
        must_end_before_date,
        days_left,
        authorised_until_date,
        last_date
    from {{ ref('int_sanctioned_municipality_days') }}
)

select * from final
