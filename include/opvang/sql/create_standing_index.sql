create index if not exists {index} on {raw} (supplier, reference_to) where known_to = 'infinity';
