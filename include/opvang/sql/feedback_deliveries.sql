-- What each supplier sent last, or for one reference date: what stands, or a refused delivery that nothing has answered since.
select distinct on (supplier, scope)
    heard.delivery_id
from ops.deliveries as heard
where
    heard.source = %(source)s
    and (%(supplier)s::text is null or heard.supplier = %(supplier)s)
    and (%(reference_date)s::date is null or heard.reference_date = %(reference_date)s)
    and heard.verdict is not null
    and heard.superseded_at is null
    -- A file that can't be read has no scope of its own, so its replay or its correction may have another one.
    and (
        heard.verdict <> 'refused'
        or not exists (
            select from ops.deliveries as answer
            where
                answer.source = heard.source
                and answer.supplier = heard.supplier
                and answer.verdict in ('published', 'quarantined_in_part')
                and (
                    answer.replay_of = coalesce(heard.replay_of, heard.delivery_id)
                    or (
                        answer.file_name = heard.file_name
                        and answer.reference_date >= heard.reference_date
                        and answer.received_at > heard.received_at
                    )
                )
        )
    )
order by
    heard.supplier asc,
    heard.scope asc,
    heard.reference_date desc,
    heard.received_at desc,
    coalesce(heard.replay_of, heard.delivery_id) desc,
    heard.delivery_id desc;
