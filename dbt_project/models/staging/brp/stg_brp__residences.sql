with final as (
    select
        supplier,
        record_key,
        row_no,
        history_no,
        municipality_code,
        municipality_as_delivered,
        address_function,
        address_start_as_delivered,
        country_abroad_code,
        left_as_delivered,
        country_from_code,
        settled_as_delivered,
        settled_earliest_date,
        settled_latest_date,
        address_declaration,
        investigation_subject,
        investigation_end_as_delivered,
        incorrect_mark,
        validity_as_delivered,
        recorded_as_delivered,
        reference_from,
        reference_to,
        delivery_id
    from {{ source('brp', 'residences') }}
    where known_to = 'infinity'
)

select * from final
