with final as (
    select
        delivery_id,
        source,
        supplier,
        scope,
        covers,
        reference_date,
        received_at,
        file_name,
        sha256,
        verdict,
        records_read,
        records_published,
        records_flagged,
        records_quarantined,
        records_refused,
        published_at,
        superseded_at,
        replay_of
    from {{ source('ops', 'deliveries') }}
)

select * from final
