with told as (
    select
        contracts.contract_key,
        contracts.known_from,
        contracts.known_to,
        parts.row_of_contract,
        parts.municipality_code,
        parts.role,
        dense_rank() over (
            partition by contracts.contract_key, contracts.known_from
            order by forms.precedence, parts.supplier, parts.record_key
        ) as believed
    from {{ ref('int_energy_contracts') }} as contracts
    inner join {{ ref('int_energy_contract_links') }} as links on contracts.contract_key = links.contract_key
    inner join {{ ref('stg_energy_contracts__contracts') }} as delivered
        on
            links.supplier = delivered.supplier
            and links.record_key = delivered.record_key
            and contracts.told_from >= delivered.known_from
            and contracts.told_from < delivered.known_to
    inner join {{ ref('stg_energy_contracts__contract_buyers') }} as parts
        on
            links.supplier = parts.supplier
            and links.record_key = parts.record_key
            and contracts.told_from >= parts.known_from
            and contracts.told_from < parts.known_to
    inner join {{ ref('contract_form_precedence') }} as forms
        on delivered.form = forms.form and forms.part = 'buyers'
    where parts.municipality_code is not null
),

final as (
    select
        contract_key,
        known_from,
        known_to,
        row_of_contract,
        municipality_code,
        role
    from told
    where believed = 1
)

select * from final
