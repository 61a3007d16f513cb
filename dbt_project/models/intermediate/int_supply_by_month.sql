{{ config(materialized='table') }}

with months as (
    select
        series.day::date as month_start_date,
        (series.day + interval '1 month - 1 day')::date as month_end_date,
        extract(doy from date_trunc('year', series.day) + interval '1 year - 1 day') as days_of_year
    from generate_series(date '{{ var("supply_first_day") }}', date '{{ var("supply_last_day") }}', interval '1 month') as series (day)
),

-- From the first day of its successor on, that one is counted: a connection has one supplier.
purchases as (
    select
        purchases.*,
        successors.successor_from_date,
        least(purchases.last_date, successors.successor_from_date - 1) as covered_until_date,
        least(purchases.last_date, date '{{ var("supply_last_day") }}') + 1 as uncovered_from_date,
        coalesce(successors.successor_from_date - 1, 'infinity') as uncovered_until_date
    from {{ ref('int_energy_purchases') }} as purchases
    left join {{ ref('int_energy_contract_successors') }} as successors using (municipality_code, energy_carrier, contract_key)
),

must_have_ended as (
    select distinct
        contracts.contract_key,
        months.month_start_date
    from {{ ref('int_sanctioned_contracts') }} as contracts
    inner join months
        on
            greatest(contracts.must_end_before_date, contracts.from_date) <= months.month_end_date
            and contracts.until_date > months.month_end_date
    where contracts.answer = 'yes' and contracts.role = 'supplier' and contracts.known_to = 'infinity'
),

may_go_on as (
    select
        authorised.contract_key,
        authorised.municipality_code,
        months.month_start_date
    from {{ ref('int_authorised_contracts') }} as authorised
    inner join months on authorised.from_date <= months.month_end_date and authorised.until_date > months.month_end_date
),

counted as (
    select
        months.*,
        purchases.*,
        greatest(least(purchases.covered_until_date, months.month_end_date) - greatest(purchases.from_date, months.month_start_date) + 1, 0)
            as covered_days,
        greatest(
            least(purchases.uncovered_until_date, months.month_end_date)
            - greatest(purchases.uncovered_from_date, months.month_start_date) + 1, 0
        ) as uncovered_days
    from months
    inner join purchases on months.month_end_date >= purchases.from_date
),

final as (
    select
        counted.month_start_date,
        counted.contract_key,
        municipalities.municipality_code,
        current_names.municipality_name,
        current_names.safety_region_code,
        counted.energy_carrier,
        counted.profile_code,
        sellers.organisation,
        counted.metering_points,
        counted.yearly_volume,
        counted.shared_metering_points,
        counted.shared_yearly_volume,
        counted.covered_days,
        counted.uncovered_days,
        counted.days_of_year,
        counted.covered_until_date >= counted.month_end_date as is_covered,
        counted.covered_until_date >= counted.month_end_date
        and must_have_ended.contract_key is not null and may_go_on.contract_key is null as is_to_end,
        counted.month_end_date between counted.uncovered_from_date and counted.uncovered_until_date as is_uncovered,
        case when counted.uncovered_days > 0 then greatest(counted.uncovered_from_date, counted.month_start_date) end as uncovered_from_date
    from counted
    inner join {{ ref('int_municipality_successors') }} as municipalities
        on
            counted.municipality_code = municipalities.code
            and counted.month_end_date >= municipalities.valid_from
            and counted.month_end_date < municipalities.valid_until
    inner join {{ ref('int_municipalities') }} as current_names on municipalities.municipality_code = current_names.municipality_code
    left join {{ ref('int_energy_contract_sellers') }} as sellers using (contract_key)
    left join must_have_ended using (contract_key, month_start_date)
    left join may_go_on
        on
            counted.contract_key = may_go_on.contract_key and municipalities.municipality_code = may_go_on.municipality_code
            and counted.month_start_date = may_go_on.month_start_date
    where counted.covered_days + counted.uncovered_days > 0
)

select * from final
