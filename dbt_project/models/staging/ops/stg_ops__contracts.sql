with final as (
    select
        source,
        version,
        frequency_days,
        retention_days
    from {{ source('ops', 'contracts') }}
)

select * from final
