"""Settings: the only reader of the environment.

Every setting has a default that is right for a fresh machine; a name in the environment is the field's name
in capitals with the prefix ``LAGESBILD_`` (``DATABASE_URL`` keeps the name that hosting platforms use).
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Settings(BaseSettings):
    """What the operator may choose. Built once in ``app.cli`` or ``app.main`` and passed down."""

    model_config = SettingsConfigDict(env_prefix="LAGESBILD_", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", description="Loopback only, until sign-in and need-to-know exist.")
    port: int = Field(8050, ge=1, le=65535)
    database_url: SecretStr | None = Field(None, validation_alias="DATABASE_URL")
    pooler_url: SecretStr | None = Field(
        None, description="URL of the login lagesbild_web by way of a pooler in transaction mode (pgbouncer)."
    )
    var: Path = Field(ROOT / "var", description="Everything that a running instance writes.")
    region: str = "stockholm"
    feeds: str = Field("demo", description="Names of the feeds to run, with commas between them.")
    key_file: Path | None = Field(
        None, description="Master key of the pseudonyms; default var/keys/master.key"
    )
    audit_key: Path | None = Field(
        None, description="The key that seals the log of readings; default var/keys/audit.key"
    )
    audit_heads: Path | None = Field(
        None,
        description="The log's signed heads, best on a disk of another machine; default var/audit/heads.jsonl",
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

    public_url: str | None = Field(
        None,
        description="https://… of a proxy on this machine that people come through; none: loopback only.",
    )
    session_idle_minutes: int = Field(
        30, ge=1, description="A session ends so long after the last sign of its person."
    )
    session_hours: float = Field(
        16, gt=0, description="A session ends so long after it was begun, in any case."
    )
    person_requests_per_minute: int = Field(
        120, ge=1, description="How often one viewer may ask about persons."
    )
    oidc_issuer: str | None = Field(
        None, description="Issuer of the OpenID Connect provider; none: no such sign-in."
    )
    oidc_client_id: str = "lagesbild"
    oidc_client_secret: SecretStr | None = Field(
        None, description="None for a public client: PKCE holds it alone."
    )
    oidc_name: str = Field("organisationen", description="What the sign-in page calls the provider.")
    oidc_role_claim: str = Field("realm_access.roles", description="Where the ID token names the role.")
    oidc_role_prefix: str = Field("", description="What stands before our role in the provider's name of it.")
    oidc_areas_claim: str = Field("lagesbild_areas", description="Where it names the areas of an area_chief.")

    alert_mail_to: str = Field(
        "", description="Who gets alerts by e-mail, with commas between; none: nobody."
    )
    alert_mail_from: str = "lagesbild@localhost"
    smtp_host: str = Field("", description="The mail server; none: no e-mail is sent.")
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="none is for a mail server on this machine only."
    )
    smtp_user: str = ""
    smtp_password: SecretStr | None = None
    smtp_ca: Path | None = Field(None, description="Certificates to trust; none: those of the system.")
    alert_webhooks: str = Field("", description="https://… to which alerts are posted, with commas between.")
    alert_webhook_secret: SecretStr | None = Field(None, description="Signs what is posted (HMAC-SHA-256).")

    @field_validator("alert_webhooks")
    @classmethod
    def _safe_webhooks(cls, urls: str) -> str:
        for url in urls.split(","):
            cls._safe(url.strip() or None)
        return urls

    @model_validator(mode="after")
    def _alerts_are_whole(self) -> Settings:
        if self.alert_mail_to and not self.smtp_host:
            raise ValueError("LAGESBILD_ALERT_MAIL_TO needs LAGESBILD_SMTP_HOST: no mail server is set")
        if self.smtp_security == "none" and self.smtp_host and self.smtp_host not in LOOPBACK:
            raise ValueError(
                "LAGESBILD_SMTP_SECURITY=none is for a mail server on this machine; use starttls or tls"
            )
        if self.alert_webhooks and self.alert_webhook_secret is None:
            raise ValueError("LAGESBILD_ALERT_WEBHOOKS needs LAGESBILD_ALERT_WEBHOOK_SECRET, to sign with")
        return self

    @field_validator("public_url", "oidc_issuer")
    @classmethod
    def _safe(cls, url: str | None) -> str | None:
        """HTTPS, but for this machine's own; and no more than an origin may be told of ourselves."""
        parts = urlsplit(url or "https://none")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError(f"{url} is not safe to use; it begins with https://")
        return url

    @field_validator("host")
    @classmethod
    def _loopback_only(cls, host: str) -> str:
        if host not in LOOPBACK:
            raise ValueError(f"LAGESBILD_HOST={host}: the server binds to loopback only; use 127.0.0.1")
        return host

    @property
    def hosts(self) -> frozenset[str]:
        """The names that we answer to, without port: this machine's own, and the proxy's."""
        return frozenset(
            {"127.0.0.1", "localhost", "[::1]", *([self.public_host] if self.public_host else [])}
        )

    @property
    def public_host(self) -> str | None:
        """The name by which people come through the proxy."""
        return urlsplit(self.public_url).hostname if self.public_url else None

    @property
    def alert_targets(self) -> dict[str, tuple[str, ...]]:
        """To whom alerts leave the house, by channel."""
        told = {"mail": self.alert_mail_to, "webhook": self.alert_webhooks}
        return {
            channel: tuple(one.strip() for one in text.split(",") if one.strip())
            for channel, text in told.items()
        }

    @property
    def feed_names(self) -> tuple[str, ...]:
        """The chosen feeds, in the order given."""
        return tuple(name.strip() for name in self.feeds.split(",") if name.strip())

    @property
    def audit_key_file(self) -> Path:
        """Where the log's key lies: outside the database, so that whoever writes to it cannot seal."""
        return self.audit_key or self.var / "keys" / "audit.key"

    @property
    def audit_heads_file(self) -> Path:
        """Where the log's signed heads are kept."""
        return self.audit_heads or self.var / "audit" / "heads.jsonl"

    @property
    def master_key_file(self) -> Path:
        """Where the master key lies: outside the database, so that a copy of it reveals no identity."""
        return self.key_file or self.var / "keys" / "master.key"
