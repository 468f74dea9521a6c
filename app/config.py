"""Settings: the only reader of the environment.

Every setting has a default that is right for a fresh machine; a name in the environment is the field's name
in capitals with the prefix ``LAGESBILD_`` (``DATABASE_URL`` keeps the name that hosting platforms use).
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What the operator may choose. Built once in ``app.cli`` or ``app.main`` and passed down."""

    model_config = SettingsConfigDict(env_prefix="LAGESBILD_", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", description="Loopback only, until sign-in and need-to-know exist.")
    port: int = Field(8050, ge=1, le=65535)
    database_url: SecretStr | None = Field(None, validation_alias="DATABASE_URL")
    var: Path = Field(ROOT / "var", description="Everything that a running instance writes.")
    region: str = "stockholm"
    feeds: str = Field("demo", description="Names of the feeds to run, with commas between them.")
    key_file: Path | None = Field(
        None, description="Master key of the pseudonyms; default var/keys/master.key"
    )
    demo_days: int = Field(30, ge=1, description="Days the demo loads before it says that it is ready.")
    demo_speed: float = Field(1.0, gt=0, description="Demo seconds per real second after the back-fill.")
    demo_seed: int = 1
    demo_history: bool = Field(
        True, description="Fill six years of reports and two of calls in the background."
    )
    drop_folder: Path | None = Field(
        None, description="Folder watched for extracts; default var/inbox/<feed>."
    )

    @field_validator("host")
    @classmethod
    def _loopback_only(cls, host: str) -> str:
        if host not in {"127.0.0.1", "::1", "localhost"}:
            raise ValueError(f"LAGESBILD_HOST={host}: the server binds to loopback only; use 127.0.0.1")
        return host

    @property
    def feed_names(self) -> tuple[str, ...]:
        """The chosen feeds, in the order given."""
        return tuple(name.strip() for name in self.feeds.split(",") if name.strip())

    @property
    def master_key_file(self) -> Path:
        """Where the master key lies: outside the database, so that a copy of it reveals no identity."""
        return self.key_file or self.var / "keys" / "master.key"
