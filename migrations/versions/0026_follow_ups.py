"""Follow-ups on pairs."""

from migrations.script import run_sql

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    run_sql("0026_follow_ups.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
