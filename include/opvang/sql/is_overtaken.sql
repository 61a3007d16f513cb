select 1 as one
from ops.deliveries as this
inner join ops.deliveries as later
    on
        this.source = later.source
        and this.supplier = later.supplier
        and this.reference_date = later.reference_date
        and this.delivery_id < later.delivery_id
where this.delivery_id = %(delivery_id)s and later.replay_of is null and later.verdict is distinct from 'refused';
