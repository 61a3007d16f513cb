create database {name} encoding 'UTF8' template template0;
