-- On the day of its merger a municipality stands there once more, with nobody.
with final as (
    select registrations.*
    from {{ ref('registrations_by_municipality_day') }} as registrations
    inner join {{ ref('municipalities') }} as municipalities using (municipality_code)
    where
        registrations.reference_date < municipalities.valid_from
        or registrations.reference_date > municipalities.valid_until
        or (registrations.reference_date = municipalities.valid_until and registrations.registered <> 0)
        or registrations.registered < registrations.registered_held
        or registrations.registered < 0
)

select * from final
