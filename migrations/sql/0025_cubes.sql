-- Published, disclosure-controlled cubes.

select 1;
