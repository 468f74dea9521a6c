"""The only reads: one statement a function, always on behalf of a window and its filters."""
