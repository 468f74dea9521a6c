"""The picture: areas, offences, incidents with versions, the ledger."""

from migrations.script import run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_sql("0001_picture.sql")


def downgrade() -> None:
    raise NotImplementedError("A ledger is never taken back; restore a copy of the database instead.")
