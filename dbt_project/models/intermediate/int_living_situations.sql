{{ config(materialized='table') }}

-- One reference date (peildatum) a month; only where the regions' reports tell which locations there are.
with reference_days as (
    select
        days.reference_date,
        date_trunc('month', days.reference_date)::date as month_start_date
    from (select distinct reference_date from {{ ref('int_reception_by_region_day') }}) as days
    where
        extract(day from days.reference_date) = {{ var('leefgeld_reference_day') }}
        and days.reference_date <= (
            select max(registrations.reference_date) from {{ ref('int_registrations_by_municipality_day') }} as registrations
        )
),

persons as (
    select
        reference_days.month_start_date,
        reference_days.reference_date,
        spells.municipality_code,
        spells.record_key,
        counting.supplier,
        counting.version_until,
        case
            when counting.birth_latest_date + interval '18 years' <= reference_days.reference_date then 'adult'
            when counting.birth_earliest_date + interval '18 years' > reference_days.reference_date then 'minor'
            else 'unknown'
        end as person_category
    from reference_days
    inner join {{ ref('int_registration_spells') }} as spells
        on reference_days.reference_date >= spells.from_date and reference_days.reference_date < spells.to_date
    inner join {{ ref('int_counting_persons') }} as counting on spells.record_key = counting.record_key
    where spells.definition = 'came_from_ukraine'
),

-- Of a person's addresses here the last that had begun on the day: who has left since has one abroad by now.
addresses as (
    select distinct on (persons.reference_date, persons.record_key)
        persons.reference_date,
        persons.record_key,
        residences.bag_pseudonym
    from persons
    inner join {{ ref('stg_brp__residences') }} as residences
        on
            persons.supplier = residences.supplier
            and persons.record_key = residences.record_key
            and persons.version_until = residences.reference_to
    where
        residences.known_to = 'infinity'
        and residences.incorrect_mark is null
        and {{ is_abroad('residences') }} is not true
        and coalesce(residences.address_start_earliest_date, '-infinity') <= persons.reference_date
    order by persons.reference_date asc, persons.record_key asc, residences.history_no asc
),

-- Where municipal reception and private hosting have one address, somebody there lives in the municipal one.
locations as (
    select
        reference_date,
        bag_pseudonym,
        bool_and(form = 'private_hosting') as is_private_hosting
    from {{ ref('int_location_days') }}
    where bag_pseudonym is not null and reference_date in (select days.reference_date from reference_days as days)
    group by reference_date, bag_pseudonym
),

final as (
    select
        persons.month_start_date,
        persons.reference_date,
        persons.municipality_code,
        persons.record_key,
        persons.person_category,
        case
            when locations.bag_pseudonym is null then 'no_reported_location'
            when locations.is_private_hosting then 'private_hosting'
            else 'municipal_reception'
        end as lives_in
    from persons
    left join addresses using (reference_date, record_key)
    left join locations
        on addresses.reference_date = locations.reference_date and addresses.bag_pseudonym = locations.bag_pseudonym
)

select * from final
