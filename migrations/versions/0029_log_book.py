"""The log book: decisions, notes and handovers, pinned to the picture."""

from migrations.script import run_sql

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    run_sql("0029_log_book.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
