-- :companies companies and :persons persons with :interests interests, as if a register had delivered them today: a company is held by
-- persons and by companies further on, one in a hundred by one behind it, which closes a ring; one share in ten is an interval, one in
-- twenty not stated. The first :suppliers companies supply a municipality.
begin;
select setseed(0.2022);
truncate raw.ownership_statements, raw.ownership_identifiers, raw.ownership_interests, raw.energy_contracts_contract_suppliers;

insert into raw.ownership_statements (
    supplier, record_key, row_no, statement_id, record_id, record_type, record_status, statement_date, declaration_subject,
    entity_type, entity_name, jurisdiction_code, person_type, nationality_codes,
    reference_from, reference_to, known_from, known_to, delivery_id
)
select
    'kvk',
    'e' || number,
    1,
    'e' || number,
    'e' || number,
    case when number <= :companies then 'entity' else 'person' end,
    'new',
    date '2020-01-01',
    'e' || number,
    case when number <= :companies then 'registeredEntity' end,
    case when number <= :companies then 'Company ' || number end,
    case when number <= :companies then (array['NL', 'DE', 'GB', 'RU'])[1 + least(floor(random() * 3.06), 3)::integer] end,
    case when number > :companies then 'knownPerson' end,
    case when number > :companies then (array['NL', 'DE', 'GB', 'RU'])[1 + floor(random() * 4)::integer] end,
    date '2022-05-01',
    'infinity',
    now(),
    'infinity',
    0
from generate_series(1, :companies + :persons) as series (number);

insert into raw.ownership_identifiers (
    supplier, record_key, row_no, statement_id, scheme, identifier, reference_from, reference_to, known_from, known_to, delivery_id
)
select
    'kvk',
    'e' || number,
    1,
    'e' || number,
    'NL-SIM',
    'NL-SIM-' || number,
    date '2022-05-01',
    'infinity',
    now(),
    'infinity',
    0
from generate_series(1, :companies) as series (number);

create temporary table holdings on commit drop as
select
    number,
    subject,
    case
        when luck < 0.7 then :companies + 1 + floor(random() * :persons)::integer
        when luck < 0.99 then least(subject + 1 + floor(random() * 1000)::integer, :companies)
        else greatest(subject - 1 - floor(random() * 1000)::integer, 1)
    end as holder,
    random() as form
from (
    select
        number,
        1 + number % :companies as subject,
        random() as luck
    from generate_series(1, :interests) as series (number)
) as drawn;

insert into raw.ownership_statements (
    supplier, record_key, row_no, statement_id, record_id, record_type, record_status, statement_date, declaration_subject,
    subject_record_id, interested_party_record_id, has_components, reference_from, reference_to, known_from, known_to, delivery_id
)
select
    'kvk',
    'r' || number,
    1,
    'r' || number,
    'r' || number,
    'relationship',
    'new',
    date '2020-01-01',
    'e' || subject,
    'e' || subject,
    'e' || holder,
    false,
    date '2022-05-01',
    'infinity',
    now(),
    'infinity',
    0
from holdings;

insert into raw.ownership_interests (
    supplier, record_key, row_no, statement_id, interest_no, interest_type, direct_or_indirect,
    share_exact, share_minimum, share_maximum, start_date, reference_from, reference_to, known_from, known_to, delivery_id
)
select
    'kvk',
    'r' || number,
    1,
    'r' || number,
    1,
    'shareholding',
    'direct',
    case when form < 0.85 then round(100.0 * :companies / :interests, 4) end,
    case when form between 0.85 and 0.95 then 25 end,
    case when form between 0.85 and 0.95 then 50 end,
    date '2010-01-01' + (number % 4000),
    date '2022-05-01',
    'infinity',
    now(),
    'infinity',
    0
from holdings;

insert into raw.energy_contracts_contract_suppliers (
    supplier, record_key, row_no, ocid, contract_id, row_of_contract, role, identifier_scheme, identifier,
    reference_from, reference_to, known_from, known_to, delivery_id
)
select
    'GM0363',
    number::text,
    1,
    'ocds-simnl0-' || number,
    '1',
    1,
    'supplier',
    'NL-SIM',
    'NL-SIM-' || number,
    date '2022-05-01',
    'infinity',
    now(),
    'infinity',
    0
from generate_series(1, :suppliers) as series (number);
commit;
analyze raw.ownership_statements, raw.ownership_identifiers, raw.ownership_interests, raw.energy_contracts_contract_suppliers;
