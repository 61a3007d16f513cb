select json_build_object(
    'persons', (select count(*) from raw.brp_persons),
    'nationalities', (select count(*) from raw.brp_nationalities),
    'residences', (select count(*) from raw.brp_residences),
    'residence titles', (select count(*) from raw.brp_residence_titles),
    'quarantine', (select count(*) from quarantine.records),
    'deliveries', (select count(*) from ops.deliveries where source = 'brp')
);
