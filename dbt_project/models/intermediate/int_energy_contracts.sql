{{ config(materialized='table') }}

with delivered as (
    select
        contracts.*,
        links.contract_key,
        forms.precedence
    from {{ ref('stg_energy_contracts__contracts') }} as contracts
    inner join {{ ref('int_energy_contract_links') }} as links
        on contracts.supplier = links.supplier and contracts.record_key = links.record_key
    inner join {{ ref('contract_form_precedence') }} as forms
        on contracts.form = forms.form and forms.part = 'terms'
),

moments as (
    select
        contract_key,
        known_from as known_at
    from delivered
    union
    select
        contract_key,
        known_to as known_at
    from delivered
),

stretches as (
    select
        contract_key,
        known_at as known_from,
        lead(known_at) over (partition by contract_key order by known_at) as known_to
    from moments
),

final as (
    select
        stretches.contract_key,
        stretches.known_from,
        stretches.known_to,
        {{ most_precise('delivered.supplier') }} as supplier,
        {{ most_precise('delivered.record_key') }} as record_key,
        {{ most_precise('delivered.ocid') }} as ocid,
        {{ most_precise('delivered.contract_id') }} as contract_id,
        {{ most_precise('delivered.lead_buyer_code') }} as lead_buyer_code,
        {{ most_precise('delivered.title') }} as title,
        {{ most_precise('delivered.status') }} as status,
        {{ most_precise('delivered.cpv_code') }} as cpv_code,
        {{ most_precise('delivered.concluded_date') }} as concluded_date,
        {{ most_precise('delivered.start_date') }} as start_date,
        {{ most_precise('delivered.end_date') }} as end_date,
        {{ most_precise('delivered.terminated_date') }} as terminated_date,
        {{ most_precise('delivered.value_eur') }} as value_eur,
        {{ most_precise('nullif(greatest(delivered.tenders_received, 0), 0)') }} as tenders_received,
        count(*) as deliverers,
        string_agg(distinct delivered.form, ',') as forms
    from stretches
    inner join delivered
        on
            stretches.contract_key = delivered.contract_key
            and stretches.known_from >= delivered.known_from
            and stretches.known_from < delivered.known_to
    group by stretches.contract_key, stretches.known_from, stretches.known_to
)

select * from final
