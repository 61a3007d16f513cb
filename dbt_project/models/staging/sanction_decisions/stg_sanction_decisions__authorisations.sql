select
    supplier,
    record_key,
    decision_reference,
    row_of_decision,
    holder_name,
    holder_scheme,
    holder_number,
    lead_buyer_code,
    contract_reference,
    supplier_name,
    supplier_scheme,
    supplier_number,
    reference_from,
    reference_to,
    delivery_id
from {{ source('sanction_decisions', 'authorisations') }}
where known_to = 'infinity'
