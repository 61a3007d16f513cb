truncate layer, held_until;
