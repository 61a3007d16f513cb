-- Which suppliers were late, since which reference date, and when what was missing came; one open row per supplier.
create table if not exists ops.overdue (
    source text not null,
    supplier text not null,
    reference_date date not null,
    due_at timestamptz not null,
    noticed_at timestamptz not null default now(),
    arrived_at timestamptz,
    primary key (source, supplier, reference_date)
);
