analyze judged (delivery_id, record_no, is_stopped), stopped (delivery_id, record_no), landing.breaches (delivery_id, record_no, rule);
