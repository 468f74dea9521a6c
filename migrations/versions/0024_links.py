"""Judgements on which mentions are the same person."""

from migrations.script import run_sql

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    run_sql("0024_links.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
