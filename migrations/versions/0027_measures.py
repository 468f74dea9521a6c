"""What the measures said, day by day."""

from migrations.script import run_sql

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    run_sql("0027_measures.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
