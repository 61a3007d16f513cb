-- A bound that is excluded lies beside the bound, by the smallest step that a share is kept in.
{% set step = '0.000001' %}
select
    supplier,
    statement_id,
    interest_no,
    interest_type,
    direct_or_indirect,
    coalesce(share_exact, share_minimum, share_exclusive_minimum + {{ step }}) as share_low_pct,
    coalesce(share_exact, share_maximum, share_exclusive_maximum - {{ step }}) as share_high_pct,
    start_date,
    end_date,
    known_from,
    known_to
from {{ source('ownership', 'interests') }}
where reference_to = 'infinity'
