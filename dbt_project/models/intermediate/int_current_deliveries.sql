with current_deliveries as (
    select
        delivery_id,
        source,
        supplier,
        covers,
        reference_date,
        received_at,
        -- A supplier's delivery speaks for its reference date and every day until its next one.
        lead(reference_date, 1, 'infinity') over (
            partition by source, supplier, scope order by reference_date
        ) as next_reference_date
    from {{ ref('stg_ops__deliveries') }}
    where verdict in ('published', 'quarantined_in_part') and superseded_at is null
),

final as (
    select * from current_deliveries
    where covers <> 'none'
)

select * from final
