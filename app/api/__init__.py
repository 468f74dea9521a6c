"""Thin HTTP: parse, call a query, shape."""
