with deliveries as (
    select * from {{ ref('stg_ops__deliveries') }}
    where source = 'brp' and verdict in ('published', 'quarantined_in_part') and covers <> 'none'
),

final as (
    select
        delivery_id,
        supplier,
        covers,
        reference_date,
        published_at,
        -- Nobody knew what a replay says before it was published; nor what was published after it (publish/layer.sql).
        greatest(
            received_at,
            max(published_at) filter (where replay_of is not null) over (partition by supplier, scope order by published_at)
        ) as known_at
    from deliveries
)

select * from final
