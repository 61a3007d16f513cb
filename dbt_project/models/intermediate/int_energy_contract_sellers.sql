-- Of suppliers that deliver together the one that is named first.
with final as (
    select distinct on (suppliers.contract_key)
        suppliers.contract_key,
        coalesce(contracted.organisation, suppliers.organisation_number) as organisation
    from {{ ref('int_energy_contract_suppliers') }} as suppliers
    left join {{ ref('int_contracted_organisations') }} as contracted using (organisation_number)
    where suppliers.role = 'supplier'
    order by suppliers.contract_key asc, suppliers.known_from desc, suppliers.row_of_contract asc
)

select * from final
