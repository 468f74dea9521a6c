"""Views that somebody keeps, by name."""

from migrations.script import run_sql

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    run_sql("0028_views.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
