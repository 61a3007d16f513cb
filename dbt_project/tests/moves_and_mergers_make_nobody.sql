-- Nationwide as many arrive in another municipality as leave one, and a merger adds nobody.
with final as (
    select
        reference_date,
        definition
    from {{ ref('registrations_by_municipality_day') }}
    group by reference_date, definition
    having sum(moved_in) <> sum(moved_out) or sum(boundary_change) <> 0
)

select * from final
