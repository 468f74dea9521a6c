"""Alert rules, what they said, and what became of it."""

from migrations.script import run_sql

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    run_sql("0030_alerts.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
