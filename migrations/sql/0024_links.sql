-- Judgements on which mentions are the same person.

select 1;
