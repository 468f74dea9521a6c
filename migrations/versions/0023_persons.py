"""People on reports: mentions, keys, erasure."""

from migrations.script import run_sql

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    run_sql("0023_persons.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
