-- Views that somebody keeps, by name.
select 1;
