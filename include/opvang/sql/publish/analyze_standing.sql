analyze standing;
