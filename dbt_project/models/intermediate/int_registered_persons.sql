with definitions as (
    select
        *,
        lead(valid_from, 1, 'infinity') over (order by valid_from) as valid_to
    from {{ ref('population_definitions') }}
    where definition = 'registered'
),

residences as (
    select
        residences.supplier,
        residences.record_key,
        'GM' || residences.municipality_code as registered_in_code,
        greatest(residences.reference_from, definitions.valid_from) as counts_from,
        least(residences.reference_to, definitions.valid_to) as counts_to
    from {{ ref('stg_brp__residences') }} as residences
    inner join definitions
        on
            residences.country_from_code = definitions.country_from_code
            -- A date with unknown parts counts when it can be late enough.
            and residences.settled_latest_date >= definitions.settled_on_or_after
    where residences.history_no = 0 and residences.incorrect_mark is null
),

held as (
    select
        quarantined.supplier,
        quarantined.record_key,
        range_agg(daterange(deliveries.reference_date, deliveries.next_reference_date)) as held_on
    from {{ ref('stg_ops__quarantined_records') }} as quarantined
    inner join {{ ref('int_current_deliveries') }} as deliveries using (delivery_id)
    where quarantined.source = 'brp'
    group by quarantined.supplier, quarantined.record_key
),

registered as (
    select
        persons.supplier,
        persons.record_key,
        residences.registered_in_code,
        greatest(persons.reference_from, residences.counts_from) as counts_from,
        least(persons.reference_to, residences.counts_to, persons.suspended_earliest_date) as counts_to
    from {{ ref('stg_brp__persons') }} as persons
    inner join residences
        on persons.supplier = residences.supplier and persons.record_key = residences.record_key
),

final as (
    select
        registered.*,
        held.held_on
    from registered
    left join held on registered.supplier = held.supplier and registered.record_key = held.record_key
    where registered.counts_from < registered.counts_to
)

select * from final
