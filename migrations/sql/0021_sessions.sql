-- Users, sessions and tokens.

select 1;
