"""What an area chief asks of the own district: what comes again there, and how it lies against districts like it."""
