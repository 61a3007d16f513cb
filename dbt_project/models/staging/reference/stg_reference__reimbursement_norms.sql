select
    scheme,
    valid_from,
    coalesce(valid_to + 1, 'infinity') as valid_until,
    amount_eur,
    unit,
    basis,
    legal_ref,
    verified as verified_by,
    source
from {{ ref('bekostiging_norms') }}
