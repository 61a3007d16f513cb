select not exists (select from {raw}) as is_empty;
