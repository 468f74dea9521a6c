-- The database roles, the scopes, and row-level security: nobody reads a row without a need for it.

select 1;
