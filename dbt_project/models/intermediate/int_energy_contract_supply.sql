with told as (
    select
        contracts.contract_key,
        contracts.known_from,
        contracts.known_to,
        parts.row_of_contract,
        parts.municipality_code,
        parts.cpv_code,
        parts.metering_points,
        parts.yearly_volume,
        parts.unit,
        parts.profile_code,
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
    inner join {{ ref('stg_energy_contracts__contract_supply') }} as parts
        on
            links.supplier = parts.supplier
            and links.record_key = parts.record_key
            and contracts.told_from >= parts.known_from
            and contracts.told_from < parts.known_to
    inner join {{ ref('contract_form_precedence') }} as forms
        on delivered.form = forms.form and forms.part = 'supply'
    where parts.metering_points is not null or parts.yearly_volume is not null
),

final as (
    select
        contract_key,
        known_from,
        known_to,
        row_of_contract,
        municipality_code,
        cpv_code,
        metering_points,
        yearly_volume,
        unit,
        profile_code
    from told
    where believed = 1
)

select * from final
