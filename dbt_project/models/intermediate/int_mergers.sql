with final as (
    select distinct
        before.municipality_code as municipality_before,
        after.municipality_code as municipality_after,
        after.valid_from as merger_date
    from {{ ref('int_municipality_successors') }} as after
    inner join {{ ref('int_municipality_successors') }} as before
        on after.code = before.code and after.valid_from = before.valid_until
)

select * from final
