select set_config('opvang.batch_id', %(batch_id)s, true);
