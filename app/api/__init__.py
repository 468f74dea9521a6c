"""API v1: thin. Parse what was asked, call a query, shape the answer."""
