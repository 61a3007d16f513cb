{{ config(severity='warn') }}

-- Else the owner of its supplier stays unknown, although somebody confirmed it.
select
    organisation_number,
    matched_organisation
from {{ ref('int_supplier_match_decisions') }}
where decision = 'confirmed' and organisation is null
