select
    supplier,
    statement_id,
    record_id,
    record_type,
    record_status,
    statement_date,
    entity_type,
    entity_name,
    jurisdiction_code,
    person_type,
    string_to_array(nationality_codes, ',') as nationality_codes,
    subject_record_id,
    interested_party_record_id,
    unspecified_reason,
    has_components,
    known_from,
    known_to
from {{ source('ownership', 'statements') }}
where reference_to = 'infinity'
