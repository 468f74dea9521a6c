"""Published, disclosure-controlled cubes."""

from migrations.script import run_sql

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    run_sql("0025_cubes.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
