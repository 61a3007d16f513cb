with final as (
    select
        supplier,
        record_key,
        row_no,
        stack_no,
        history_no,
        nationality_code,
        reason_code,
        end_reason_code,
        special_dutch_status,
        incorrect_mark,
        validity_as_delivered,
        reference_from,
        reference_to,
        delivery_id
    from {{ source('brp', 'nationalities') }}
    where known_to = 'infinity'
)

select * from final
