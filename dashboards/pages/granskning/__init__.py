"""The page Granskning: who read whom and why, for the auditor. It shows no case."""
