with deliveries as (
    select
        supplier,
        reference_date
    from {{ ref('int_current_deliveries') }}
    where source = 'claims' and next_reference_date = 'infinity'
),

-- What is not compensated gets columns of its own: no sum over this table can take it for compensation.
final as (
    select
        deliveries.reference_date,
        claims.municipality_code,
        municipalities.municipality_name,
        municipalities.safety_region_code,
        claims.claim_kind,
        claims.claim_kind_nl,
        claims.is_compensated,
        count(*)::integer as claims,
        count(*) filter (where claims.approved_eur is null and claims.is_compensated)::integer as claims_undecided,
        count(*) filter (where not claims.is_contract_delivered)::integer as claims_without_contract,
        sum(claims.claimed_eur) filter (where claims.is_compensated)::numeric(14, 2) as claimed_eur,
        sum(coalesce(claims.approved_eur, 0)) filter (where claims.is_compensated)::numeric(14, 2) as approved_eur,
        sum(claims.paid_eur) filter (where claims.is_compensated)::numeric(14, 2) as paid_eur,
        sum(claims.open_eur) filter (where claims.is_compensated)::numeric(14, 2) as open_eur,
        sum(claims.claimed_eur) filter (where not claims.is_compensated)::numeric(14, 2) as price_difference_eur,
        sum(claims.paid_eur) filter (where not claims.is_compensated)::numeric(14, 2) as price_difference_paid_eur
    from {{ ref('int_claims') }} as claims
    inner join deliveries using (supplier)
    inner join {{ ref('int_municipalities') }} as municipalities on claims.municipality_code = municipalities.municipality_code
    group by
        deliveries.reference_date, claims.municipality_code, municipalities.municipality_name, municipalities.safety_region_code,
        claims.claim_kind, claims.claim_kind_nl, claims.is_compensated
)

select * from final
