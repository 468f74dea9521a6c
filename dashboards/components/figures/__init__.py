"""One figure for each measure: what a measure gives, drawn. What they share is in `base`."""
