analyze layer, held_until;
