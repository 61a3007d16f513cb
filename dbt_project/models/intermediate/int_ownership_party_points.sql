{{ config(materialized='table') }}

with final as (
    select
        points.point_no,
        parties.sanction_rule,
        parties.organisation,
        coalesce(max(parties.entity_name), 'a natural person') || coalesce(' (' || max(nullif(parties.country_codes, '')) || ')', '')
            as party_name,
        bool_or(parties.is_first_category) as is_first_category,
        bool_or(parties.is_first_category or parties.is_another) as is_end
    from {{ ref('int_ownership_points') }} as points
    inner join {{ ref('int_ownership_parties') }} as parties
        on
            points.known_from >= parties.known_from and points.known_from < parties.known_to
            and points.valid_from >= parties.valid_from and points.valid_from < parties.valid_until
    group by points.point_no, parties.sanction_rule, parties.organisation
)

select * from final
