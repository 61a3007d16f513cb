analyze standing (supplier, record_key, row_no, reference_from, reference_to);
