with latest_deliveries as (
    select * from {{ ref('int_current_deliveries') }}
    where source = 'energy_contracts' and next_reference_date = 'infinity'
),

contracts as (
    select * from {{ ref('int_energy_contracts') }}
    where known_to = 'infinity'
),

buyers as (
    select distinct
        contract_key,
        municipality_code
    from {{ ref('int_energy_contract_buyers') }}
    where known_to = 'infinity'
),

first_suppliers as (
    select distinct on (contract_key) *
    from {{ ref('int_energy_contract_suppliers') }}
    where known_to = 'infinity' and role = 'supplier'
    order by contract_key asc, row_of_contract asc
),

deadline as (
    select * from {{ ref('contract_deadlines') }}
    where deadline = 'sanctions_833_2014_art_5k'
),

final as (
    select
        buyers.municipality_code,
        contracts.ocid,
        contracts.contract_id,
        deliveries.reference_date,
        coalesce(suppliers.organisation_name, suppliers.identifier) as supplier,
        coalesce(carriers.energy_carrier, 'other') as energy_carrier,
        contracts.concluded_date,
        contracts.start_date,
        contracts.end_date,
        contracts.terminated_date,
        contracts.value_eur,
        deadline.deadline_date - deliveries.reference_date as days_to_deadline,
        deadline.deadline_date,
        suppliers.identifier_scheme as supplier_scheme,
        suppliers.identifier as supplier_id,
        contracts.lead_buyer_code,
        contracts.status,
        contracts.cpv_code,
        contracts.title
    from contracts
    inner join buyers on contracts.contract_key = buyers.contract_key
    inner join first_suppliers as suppliers on contracts.contract_key = suppliers.contract_key
    inner join latest_deliveries as deliveries
        on contracts.supplier = deliveries.supplier and deliveries.covers in ('all', contracts.lead_buyer_code)
    inner join {{ ref('int_municipalities') }} as municipalities
        on buyers.municipality_code = municipalities.municipality_code
    cross join deadline
    left join {{ ref('energy_carriers') }} as carriers on left(contracts.cpv_code, 8) = carriers.cpv_code
)

select * from final
