"""The one catalogue of tables, and the column types that several of them use."""

from __future__ import annotations

from typing import Any

from sqlalchemy import DateTime, MetaData
from sqlalchemy.types import UserDefinedType

metadata = MetaData()
Moment = DateTime(timezone=True)


class XID8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id: with it a reader knows which rows may still be joined by others."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Name the type as PostgreSQL does."""
        return "xid8"
