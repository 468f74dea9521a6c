"""Whether the log has a row, and of whom, in one look."""

from migrations.script import run_sql

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    run_sql("0033_audited_in_one_look.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
