analyze incoming;
