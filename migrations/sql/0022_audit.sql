-- The log of who read what, and why.

select 1;
