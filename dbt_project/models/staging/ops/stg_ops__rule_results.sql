with final as (
    select
        delivery_id,
        rule,
        severity,
        reference,
        reason,
        records
    from {{ source('ops', 'rule_results') }}
)

select * from final
