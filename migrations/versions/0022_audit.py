"""The log of who read what, and why."""

from migrations.script import run_sql

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    run_sql("0022_audit.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
