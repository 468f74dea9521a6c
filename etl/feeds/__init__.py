"""One folder per source, found by discovery."""
