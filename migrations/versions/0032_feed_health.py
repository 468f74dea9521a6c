"""How the feeds come in."""

from migrations.script import run_sql

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    run_sql("0032_feed_health.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
