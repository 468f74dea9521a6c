"""The page Larm: what the alert rules said, what becomes of it, and the rules themselves."""
