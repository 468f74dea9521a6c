"""The only reads: one statement per function."""
