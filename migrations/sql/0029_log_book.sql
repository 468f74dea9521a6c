-- The log book: decisions, notes and handovers, pinned to the picture.
select 1;
