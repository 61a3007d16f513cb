analyze incoming, replaced;
