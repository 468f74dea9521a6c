"""The morning's editions."""

from migrations.script import run_sql

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    run_sql("0031_briefings.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
