"""Alembic migrations and the SQL they run."""
