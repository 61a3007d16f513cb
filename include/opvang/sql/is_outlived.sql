-- Other bytes came from the same place, with a later time.
select 1 as one
from ops.deliveries as this
inner join ops.deliveries as other on this.source = other.source and this.uri = other.uri and this.received_at < other.received_at
where this.delivery_id = %(delivery_id)s and this.sha256 <> other.sha256;
