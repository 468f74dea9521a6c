"""Indexes by which a pair's reports are found, and what became of a suspicion."""

from migrations.script import run_sql

revision = "0010"
down_revision = "0002"


def upgrade() -> None:
    run_sql("0010_dyads.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
