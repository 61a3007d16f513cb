with final as (
    select
        supplier,
        record_key,
        person_pseudonym,
        a_number_is_valid,
        bsn_pseudonym,
        bsn_is_valid,
        surname_is_present,
        birth_as_delivered,
        birth_earliest_date,
        birth_latest_date,
        birth_country_code,
        sex,
        death_as_delivered,
        suspended_as_delivered,
        suspended_earliest_date,
        suspension_reason,
        first_registered_as_delivered,
        secrecy_indication,
        residence_title_code,
        residence_title_end_as_delivered,
        residence_title_start_as_delivered,
        array_to_string(flags, ',') as flags,
        reference_from,
        reference_to,
        delivery_id
    from {{ source('brp', 'persons') }}
    where known_to = 'infinity'
)

select * from final
