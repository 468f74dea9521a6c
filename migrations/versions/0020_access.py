"""The database roles, the scopes, and row-level security: nobody reads a row without a need for it."""

from migrations.script import run_sql

revision = "0020"
down_revision = "0010"


def upgrade() -> None:
    run_sql("0020_access.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
