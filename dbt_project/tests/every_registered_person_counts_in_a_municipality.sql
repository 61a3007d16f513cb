{{ config(severity='warn') }}

-- 0000 is unknown and 1999 the registry of non-residents (RNI): neither is a municipality, so nobody is missing there.
with municipalities as (
    select municipality_code from {{ ref('int_municipalities') }}
    union all
    select old_municipality_code from {{ ref('stg_reference__mergers') }}
),

final as (
    select
        registered_in_code,
        count(*) as persons
    from {{ ref('int_registered_persons') }}
    where
        registered_in_code not in ('GM0000', 'GM1999')
        and registered_in_code not in (select municipality_code from municipalities)
    group by registered_in_code
)

select * from final
