-- Follow-ups on pairs.

select 1;
