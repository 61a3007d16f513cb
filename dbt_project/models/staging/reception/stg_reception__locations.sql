with final as (
    select
        supplier,
        record_key,
        key_id,
        location_id,
        bag_pseudonym,
        municipality_code,
        form,
        site_type,
        stay_class,
        places_inventoried,
        places_in_preparation,
        places_operational,
        places_in_use,
        places_blocked,
        available_from_date,
        available_until_date,
        is_wheelchair_accessible,
        has_room_for_pets,
        has_room_for_infants,
        is_private_hosting,
        held_up_by,
        note,
        array_to_string(flags, ',') as flags,
        reference_from,
        reference_to,
        delivery_id
    from {{ source('reception', 'locations') }}
    where known_to = 'infinity'
)

select * from final
