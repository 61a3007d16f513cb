-- Nobody tells who received a provision in private hosting: at least those at a reported private host,
-- at most also those at no reported location.
with final as (
    select
        month_start_date,
        reference_date,
        municipality_code,
        count(*) filter (where lives_in = 'private_hosting') as persons_low,
        count(*) as persons_high
    from {{ ref('int_living_situations') }}
    where lives_in <> 'municipal_reception'
    group by month_start_date, reference_date, municipality_code
)

select * from final
