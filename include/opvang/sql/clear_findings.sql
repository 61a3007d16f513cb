delete from landing.breaches
where batch_id = %(batch_id)s and found_by = 'validate';
