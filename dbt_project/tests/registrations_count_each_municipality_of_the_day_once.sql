with final as (
    select registrations.*
    from {{ ref('registrations_by_municipality_day') }} as registrations
    inner join {{ ref('municipalities') }} as municipalities using (municipality_code)
    where
        registrations.reference_date < municipalities.valid_from
        or registrations.reference_date >= municipalities.valid_to
        or registrations.registered < registrations.registered_held
        or registrations.selection_date > registrations.reference_date
)

select * from final
