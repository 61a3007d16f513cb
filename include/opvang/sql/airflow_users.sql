select username from ab_user;
