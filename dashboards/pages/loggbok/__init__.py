"""The page Loggbok: what was decided, noted and handed over, pinned to the picture; and one case as it became known."""
