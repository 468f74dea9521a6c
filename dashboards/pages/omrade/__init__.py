"""The page Område: an area chief's own district, its trend, hours and places, what comes again, and what was done."""
