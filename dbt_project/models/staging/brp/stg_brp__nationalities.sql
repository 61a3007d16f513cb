with final as (
    select
        supplier,
        record_key,
        row_no,
        key_id,
        stack_no,
        history_no,
        nationality_code,
        reason_code,
        end_reason_code,
        special_dutch_status,
        investigation_subject,
        investigation_start_as_delivered,
        {{ earliest_day('investigation_start_as_delivered') }} as investigation_start_earliest_date,
        {{ latest_day('investigation_start_as_delivered') }} as investigation_start_latest_date,
        investigation_end_as_delivered,
        {{ earliest_day('investigation_end_as_delivered') }} as investigation_end_earliest_date,
        {{ latest_day('investigation_end_as_delivered') }} as investigation_end_latest_date,
        incorrect_mark,
        validity_as_delivered,
        {{ earliest_day('validity_as_delivered') }} as validity_earliest_date,
        {{ latest_day('validity_as_delivered') }} as validity_latest_date,
        recorded_as_delivered,
        {{ earliest_day('recorded_as_delivered') }} as recorded_earliest_date,
        {{ latest_day('recorded_as_delivered') }} as recorded_latest_date,
        document_faults,
        form_faults,
        reference_from,
        reference_to,
        known_from,
        known_to,
        delivery_id
    from {{ source('brp', 'nationalities') }}
)

select * from final
