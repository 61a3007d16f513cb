with told as (
    select
        contracts.contract_key,
        contracts.reference_from,
        contracts.reference_to,
        parts.row_of_contract,
        parts.role,
        parts.organisation_name,
        parts.identifier_scheme,
        parts.identifier,
        parts.share_pct,
        parts.owner_nationalities,
        dense_rank() over (
            partition by contracts.contract_key, contracts.reference_from, parts.role
            order by forms.precedence, parts.supplier, parts.record_key
        ) as believed
    from {{ ref('int_energy_contracts') }} as contracts
    inner join {{ ref('int_energy_contract_links') }} as links on contracts.contract_key = links.contract_key
    inner join {{ ref('stg_energy_contracts__contracts') }} as delivered
        on
            links.supplier = delivered.supplier
            and links.record_key = delivered.record_key
            and contracts.reference_from >= delivered.reference_from
            and contracts.reference_from < delivered.reference_to
    inner join {{ ref('stg_energy_contracts__contract_suppliers') }} as parts
        on
            links.supplier = parts.supplier
            and links.record_key = parts.record_key
            and contracts.reference_from >= parts.reference_from
            and contracts.reference_from < parts.reference_to
    inner join {{ ref('contract_form_precedence') }} as forms
        on delivered.form = forms.form and forms.part = parts.role || 's'
),

final as (
    select
        contract_key,
        reference_from,
        reference_to,
        row_of_contract,
        role,
        organisation_name,
        identifier_scheme,
        identifier,
        share_pct,
        owner_nationalities
    from told
    where believed = 1
)

select * from final
