-- Which records broke which rule, for the feedback to their supplier: of the last delivery of each supplier and scope only.
-- Deliveries are daily full states: a fault that nobody mends would be written down again every day, and only the last file is
-- the one that its supplier can still mend. How many broke a rule, `rule_results` keeps of every delivery.
create table if not exists ops.breaches (
    delivery_id bigint not null references ops.deliveries,
    record_no integer not null,
    line_no integer,
    rule text not null,
    primary key (delivery_id, record_no, rule)
);
