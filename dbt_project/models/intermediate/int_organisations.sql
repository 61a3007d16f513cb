{{ config(materialized='table') }}

-- Records of several registers are one organisation when they share an official number; a name alone joins nothing.
with recursive numbers as (
    select * from {{ ref('stg_ownership__identifiers') }}
),

twice as (
    select organisation_number from numbers
    group by organisation_number
    having count(*) > 1
),

shared as (
    select
        numbers.supplier,
        numbers.record_id,
        numbers.organisation_number
    from numbers
    inner join twice using (organisation_number)
),

joined as (
    select
        supplier,
        record_id,
        supplier as other_supplier,
        record_id as other_record_id
    from shared
    union
    select
        joined.supplier,
        joined.record_id,
        others.supplier as other_supplier,
        others.record_id as other_record_id
    from joined
    inner join shared
        on joined.other_supplier = shared.supplier and joined.other_record_id = shared.record_id
    inner join shared as others on shared.organisation_number = others.organisation_number
),

first_number as (
    select
        supplier,
        record_id,
        min(organisation_number) as organisation_number
    from numbers
    group by supplier, record_id
),

first_of_all as (
    select
        joined.supplier,
        joined.record_id,
        min(first_number.organisation_number) as organisation_number
    from joined
    inner join first_number
        on joined.other_supplier = first_number.supplier and joined.other_record_id = first_number.record_id
    group by joined.supplier, joined.record_id
),

records as (
    select distinct
        supplier,
        record_id
    from {{ ref('stg_ownership__statements') }}
    where record_type in ('entity', 'person')
),

final as (
    select
        records.supplier,
        records.record_id,
        coalesce(first_of_all.organisation_number, first_number.organisation_number, records.supplier || ':' || records.record_id)
            as organisation
    from records
    left join first_number using (supplier, record_id)
    left join first_of_all using (supplier, record_id)
)

select * from final
