-- A past of :days daily selections for the one that is published, as publish would have left it: of 1,000 persons :per_mille
-- change on a day, one in five in persons and the others in residences; what is in quarantine was in quarantine every day.
begin;
select setseed(0.2022);

create temporary table base on commit drop as
select * from ops.deliveries
where source = 'brp';

create temporary table past on commit drop as
select
    day_no,
    base.reference_date - (:days - 1 - day_no) as reference_date,
    base.received_at - make_interval(days => :days - 1 - day_no) as received_at,
    case
        when day_no = :days - 1 then base.delivery_id
        else nextval(pg_get_serial_sequence('ops.deliveries', 'delivery_id'))
    end as delivery_id
from base
cross join generate_series(0, :days - 1) as series (day_no);

insert into ops.deliveries overriding system value
select (jsonb_populate_record(null::ops.deliveries, to_jsonb(base) || jsonb_build_object(
    'delivery_id', past.delivery_id,
    'reference_date', past.reference_date,
    'received_at', past.received_at,
    'modified_at', past.received_at,
    'registered_at', past.received_at,
    'published_at', past.received_at,
    'sha256', md5(past.day_no::text),
    'uri', 'past/' || past.day_no
))).*
from past
cross join base
where past.delivery_id <> base.delivery_id;

insert into ops.rule_results
select
    past.delivery_id,
    results.rule,
    results.severity,
    results.reference,
    results.reason,
    results.records
from past
cross join base
inner join ops.rule_results as results on base.delivery_id = results.delivery_id
where past.delivery_id <> base.delivery_id;

insert into quarantine.records (
    delivery_id, source, supplier, scope, reference_date, record_no, line_no, record_key, rules, breaches, record, quarantined_at
)
select
    past.delivery_id,
    records.source,
    records.supplier,
    records.scope,
    past.reference_date,
    records.record_no,
    records.line_no,
    records.record_key,
    records.rules,
    records.breaches,
    records.record,
    past.received_at
from past
cross join base
inner join quarantine.records on base.delivery_id = records.delivery_id
where past.delivery_id <> base.delivery_id;

create temporary table numbered on commit drop as
select
    record_key,
    row_number() over (order by record_key) as person_no,
    count(*) over () as persons
from raw.brp_persons;

create temporary table changes on commit drop as
with drawn as (
    select
        1 + floor(random() * (:days - 1))::integer as day_no,
        1 + floor(random() * sizes.persons)::bigint as person_no
    from (select max(persons) as persons from numbered) as sizes
    cross join lateral generate_series(1, sizes.persons * :per_mille / 1000 * (:days - 1))
)

select distinct
    numbered.record_key,
    drawn.day_no
from drawn
inner join numbered using (person_no);
analyze changes;

-- Each version of a person list: from when, and until when it was the last one known.
create temporary table versions on commit drop as
select
    days.record_key,
    past.delivery_id,
    past.reference_date as from_date,
    past.received_at,
    lead(past.reference_date) over person as next_date,
    lead(past.received_at) over person as next_received_at,
    hashtext(days.record_key) % 5 = 0 as is_in_persons
from (
    select * from changes
    union all
    select
        record_key,
        0
    from numbered
) as days
inner join past using (day_no)
window person as (partition by days.record_key order by days.day_no);
create index on versions (record_key);
analyze versions;

-- What was superseded: cut at the change as it is known now, and open as it was known until then.
insert into raw.brp_persons
select (jsonb_populate_record(standing, jsonb_build_object(
    'version_at_as_delivered', to_char(versions.from_date, 'YYYYMMDD') || '101500000',
    'reference_from', versions.from_date,
    'reference_to', piece.reference_to,
    'known_from', piece.known_from,
    'known_to', piece.known_to,
    'delivery_id', versions.delivery_id
))).*
from versions
inner join raw.brp_persons as standing using (record_key)
cross join lateral (values
    (versions.next_date, versions.next_received_at, 'infinity'::timestamptz),
    ('infinity', versions.received_at, versions.next_received_at)
) as piece (reference_to, known_from, known_to)
where versions.is_in_persons and versions.next_date is not null;

insert into raw.brp_residences
select (jsonb_populate_record(standing, jsonb_build_object(
    'address_start_as_delivered', to_char(versions.from_date, 'YYYYMMDD'),
    'reference_from', versions.from_date,
    'reference_to', piece.reference_to,
    'known_from', piece.known_from,
    'known_to', piece.known_to,
    'delivery_id', versions.delivery_id
))).*
from versions
inner join raw.brp_residences as standing on versions.record_key = standing.record_key and standing.row_no = 1
cross join lateral (values
    (versions.next_date, versions.next_received_at, 'infinity'::timestamptz),
    ('infinity', versions.received_at, versions.next_received_at)
) as piece (reference_to, known_from, known_to)
where not versions.is_in_persons and versions.next_date is not null;

-- What is published stands since its last change, or since the first day.
create temporary table since on commit drop as
select distinct on (record_key)
    record_key,
    is_in_persons,
    from_date,
    received_at,
    delivery_id
from versions
order by record_key asc, from_date desc;
create index on since (record_key);
analyze since;

create temporary table beginning on commit drop as
select * from past
where day_no = 0;

update raw.brp_persons as standing
set
    reference_from = case when since.is_in_persons then since.from_date else beginning.reference_date end,
    known_from = case when since.is_in_persons then since.received_at else beginning.received_at end,
    delivery_id = case when since.is_in_persons then since.delivery_id else beginning.delivery_id end
from since, beginning, base
where
    standing.record_key = since.record_key
    and standing.delivery_id = base.delivery_id
    and standing.reference_from = base.reference_date
    and standing.reference_to = 'infinity'
    and standing.known_to = 'infinity';

update raw.brp_residences as standing
set
    reference_from = case when changed.it then since.from_date else beginning.reference_date end,
    known_from = case when changed.it then since.received_at else beginning.received_at end,
    delivery_id = case when changed.it then since.delivery_id else beginning.delivery_id end
from since, beginning, base, lateral (select not since.is_in_persons as it) as changed
where
    standing.record_key = since.record_key
    and standing.row_no = 1
    and standing.delivery_id = base.delivery_id
    and standing.reference_from = base.reference_date
    and standing.reference_to = 'infinity'
    and standing.known_to = 'infinity';

update raw.brp_residences as standing
set
    reference_from = beginning.reference_date,
    known_from = beginning.received_at,
    delivery_id = beginning.delivery_id
from beginning, base
where standing.row_no > 1 and standing.delivery_id = base.delivery_id;

update raw.brp_nationalities as standing
set
    reference_from = beginning.reference_date,
    known_from = beginning.received_at,
    delivery_id = beginning.delivery_id
from beginning, base
where standing.delivery_id = base.delivery_id;

update raw.brp_residence_titles as standing
set
    reference_from = beginning.reference_date,
    known_from = beginning.received_at,
    delivery_id = beginning.delivery_id
from beginning, base
where standing.delivery_id = base.delivery_id;
commit;
