with latest_packages as (
    select * from {{ ref('int_current_deliveries') }}
    where source = 'energy_contracts' and next_reference_date = 'infinity'
),

contracts as (
    select * from {{ ref('stg_energy_contracts__contracts') }}
    where reference_to = 'infinity'
),

deadline as (
    select * from {{ ref('contract_deadlines') }}
    where deadline = 'sanctions_833_2014_art_5k'
),

final as (
    select
        contracts.municipality_code,
        contracts.ocid,
        contracts.contract_id,
        packages.reference_date,
        contracts.supplier_name as supplier,
        coalesce(carriers.energy_carrier, 'other') as energy_carrier,
        contracts.concluded_date,
        contracts.start_date,
        contracts.end_date,
        contracts.value_eur,
        deadline.deadline_date - packages.reference_date as days_to_deadline,
        deadline.deadline_date,
        contracts.supplier_id,
        contracts.status,
        contracts.cpv_code,
        contracts.title
    from contracts
    inner join latest_packages as packages
        on contracts.supplier = packages.supplier and packages.covers in ('all', contracts.municipality_code)
    inner join {{ ref('int_municipalities') }} as municipalities
        on contracts.municipality_code = municipalities.municipality_code
    cross join deadline
    left join {{ ref('energy_carriers') }} as carriers on left(contracts.cpv_code, 8) = carriers.cpv_code
)

select * from final
