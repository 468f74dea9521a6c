"""The page Statistik för partner: published, disclosure-controlled cubes; chart, table and files of one edition."""
