{{ config(materialized='table', indexes=[{'columns': ['subject']}]) }}

-- Who has an interest in whom at any time, in any measure: what there is to follow, as often as it is stated.
with final as (
    select
        statements.record_id,
        statements.supplier,
        subjects.organisation as subject,
        holders.organisation as holder
    from {{ ref('stg_ownership__statements') }} as statements
    inner join {{ ref('int_organisations') }} as subjects
        on statements.supplier = subjects.supplier and statements.subject_record_id = subjects.record_id
    left join {{ ref('int_organisations') }} as holders
        on statements.supplier = holders.supplier and statements.interested_party_record_id = holders.record_id
    where statements.record_type = 'relationship'
)

select * from final
