with final as (
    select
        delivery_id,
        source,
        supplier,
        reference_date,
        record_no,
        record_key,
        rules
    from {{ source('ops', 'quarantined_records') }}
)

select * from final
