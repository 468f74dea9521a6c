"""Users, sessions and tokens."""

from migrations.script import run_sql

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    run_sql("0021_sessions.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
