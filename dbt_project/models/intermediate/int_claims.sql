with numbers as (
    select distinct
        lead_buyer_code,
        contract_reference
    from {{ ref('int_energy_contract_numbers') }}
),

final as (
    select
        claims.supplier,
        claims.municipality_code,
        claims.claim_id,
        kinds.claim_kind,
        kinds.label_nl as claim_kind_nl,
        kinds.is_compensated,
        claims.claimed_eur,
        claims.approved_eur,
        coalesce(claims.paid_eur, 0) as paid_eur,
        -- What may still come: of a claim that is decided the rest of what was approved, of another the rest of what was claimed.
        coalesce(claims.approved_eur, claims.claimed_eur) - coalesce(claims.paid_eur, 0) as open_eur,
        numbers.contract_reference is not null as is_contract_delivered
    from {{ ref('stg_claims__claims') }} as claims
    inner join {{ ref('claim_kinds') }} as kinds on claims.kind = kinds.delivered_kind
    left join numbers
        on
            claims.contract_reference = numbers.contract_reference
            and coalesce(claims.lead_buyer_code, claims.municipality_code) = numbers.lead_buyer_code
    where claims.reference_to = 'infinity'
)

select * from final
