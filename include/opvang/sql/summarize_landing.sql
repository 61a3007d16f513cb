select brin_summarize_new_values(%(index)s::regclass);
