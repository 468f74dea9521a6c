-- People on reports: mentions, keys, erasure.

select 1;
