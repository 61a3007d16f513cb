analyze incoming ({key}), replaced ({key});
