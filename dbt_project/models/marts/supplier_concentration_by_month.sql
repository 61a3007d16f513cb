with by_supplier as (
    select
        month_start_date,
        energy_carrier,
        organisation,
        count(distinct contract_key) as contracts,
        count(distinct contract_key)
        - count(distinct contract_key) filter (where coalesce(yearly_volume, shared_yearly_volume) is not null)
            as contracts_volume_not_told,
        sum(coalesce(yearly_volume, shared_yearly_volume)) as yearly_volume
    from {{ ref('int_supply_by_month') }}
    where is_covered
    group by month_start_date, energy_carrier, organisation
),

ranked as (
    select
        *,
        row_number() over (partition by month_start_date, energy_carrier order by yearly_volume desc nulls last, organisation asc) as place,
        100 * yearly_volume / nullif(sum(yearly_volume) over (partition by month_start_date, energy_carrier), 0) as share_pct
    from by_supplier
),

shares as (
    select
        month_start_date,
        energy_carrier,
        count(*) as suppliers,
        sum(contracts) as contracts,
        sum(contracts_volume_not_told) as contracts_volume_not_told,
        sum(yearly_volume) as yearly_volume,
        sum(share_pct) filter (where place <= 1) as largest_1,
        sum(share_pct) filter (where place <= 3) as largest_3,
        sum(share_pct) filter (where place <= 5) as largest_5,
        sum(share_pct * share_pct) as herfindahl_hirschman_index
    from ranked
    group by month_start_date, energy_carrier
),

signed as (
    select distinct
        contract_key,
        energy_carrier,
        date_trunc('month', concluded_date)::date as month_start_date,
        tenders_received
    from {{ ref('int_energy_purchases') }}
),

awards as (
    select
        month_start_date,
        energy_carrier,
        count(*) as awards,
        count(tenders_received) as awards_tenders_told,
        count(*) filter (where tenders_received = 1) as awards_one_tender,
        avg(tenders_received) as tenders_per_award
    from signed
    group by month_start_date, energy_carrier
),

units as (
    select distinct
        energy_carrier,
        volume_unit
    from {{ ref('energy_carriers') }}
),

final as (
    select
        shares.month_start_date,
        shares.energy_carrier,
        units.volume_unit,
        shares.suppliers::integer as suppliers,
        shares.contracts::integer as contracts,
        shares.contracts_volume_not_told::integer as contracts_volume_not_told,
        shares.yearly_volume::numeric(16, 2) as yearly_volume,
        round(shares.largest_1, 1)::numeric(4, 1) as largest_1_share_pct,
        round(shares.largest_3, 1)::numeric(4, 1) as largest_3_share_pct,
        round(shares.largest_5, 1)::numeric(4, 1) as largest_5_share_pct,
        round(shares.herfindahl_hirschman_index)::integer as herfindahl_hirschman_index,
        coalesce(awards.awards, 0)::integer as awards,
        coalesce(awards.awards_tenders_told, 0)::integer as awards_tenders_told,
        coalesce(awards.awards_one_tender, 0)::integer as awards_one_tender,
        round(awards.tenders_per_award, 2)::numeric(6, 2) as tenders_per_award
    from shares
    left join awards using (month_start_date, energy_carrier)
    left join units using (energy_carrier)
)

select * from final
