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
        lead(known_at, 1, 'infinity') over (partition by contract_key order by known_at) as known_to
    from moments
    where known_at < 'infinity'
),

told_stretches as (
    select distinct
        stretches.contract_key,
        stretches.known_from
    from stretches
    inner join delivered
        on
            stretches.contract_key = delivered.contract_key
            and stretches.known_from >= delivered.known_from
            and stretches.known_from < delivered.known_to
),

-- From the moment at which nobody tells of it any more it is known to have ended; what was told last holds for the days before.
told as (
    select
        stretches.contract_key,
        stretches.known_from,
        stretches.known_to,
        max(told_stretches.known_from) over (partition by stretches.contract_key order by stretches.known_from) as told_from
    from stretches
    left join told_stretches
        on stretches.contract_key = told_stretches.contract_key and stretches.known_from = told_stretches.known_from
),

final as (
    select
        told.contract_key,
        told.known_from,
        told.known_to,
        told.told_from,
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
        least(
            {{ most_precise('delivered.terminated_date') }},
            case when told.told_from < told.known_from then (told.known_from at time zone 'Europe/Amsterdam')::date - 1 end
        ) as terminated_date,
        {{ most_precise('delivered.value_eur') }} as value_eur,
        {{ most_precise('nullif(greatest(delivered.tenders_received, 0), 0)') }} as tenders_received,
        string_agg(distinct delivered.form, ',') as forms
    from told
    inner join delivered
        on
            told.contract_key = delivered.contract_key
            and told.told_from >= delivered.known_from
            and told.told_from < delivered.known_to
    group by told.contract_key, told.known_from, told.known_to, told.told_from
)

select * from final
