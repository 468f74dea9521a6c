"""One folder per measure."""
