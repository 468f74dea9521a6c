-- The morning's editions.
select 1;
