"""SQL files as migrations run them, and the one call that brings a database up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command, op
from alembic.config import Config

HERE = Path(__file__).resolve().parent


def run_sql(name: str) -> None:
    """Run the whole of ``migrations/sql/<name>`` as it stands, inside the migration's transaction."""
    sql = (HERE / "sql" / name).read_text(encoding="utf-8")
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(sql)


def migrate(dsn: str) -> None:
    """Bring the database at ``dsn`` (``postgresql://…``) to the newest revision; quick when it is there."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["dsn"] = dsn
    command.upgrade(config, "head")
