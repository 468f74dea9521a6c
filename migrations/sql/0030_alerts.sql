-- Alert rules, what they said, and what became of it.
select 1;
