with final as (
    select
        residences.record_key,
        residences.supplier,
        residences.reference_to,
        residences.known_from,
        residences.known_to,
        residences.municipality_earliest_date,
        successors.municipality_code
    from {{ ref('stg_brp__residences') }} as residences
    left join {{ ref('int_municipality_successors') }} as successors
        on
            'GM' || residences.municipality_code = successors.code
            and residences.reference_from >= successors.valid_from
            and residences.reference_from < successors.valid_until
    where residences.history_no = 0
)

select * from final
