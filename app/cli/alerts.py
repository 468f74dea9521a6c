"""Commands on alerts: which are open, which rules there are, what a rule would have done; and the engine itself."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from app.cli.context import moment, region_of, say, with_pool
from app.cli.running import Supervised, join
from app.config import Settings
from app.domain.errors import NotFound

if TYPE_CHECKING:
    from app.db import Pool

alerts = typer.Typer(help="What the alert rules say.", no_args_is_help=True)


@alerts.callback()
def _group() -> None:
    """Keep the sub-commands' names."""


@alerts.command("list")
def list_command(
    at: Annotated[
        str | None, typer.Option(help="as they stood then: ISO 8601 with zone; default now")
    ] = None,
    closed: Annotated[bool, typer.Option("--closed", help="closed ones too")] = False,
) -> None:
    """The open alerts, the gravest kind first."""
    from app.queries import alerts as queries

    settings = Settings()
    when = moment("--at", at) if at is not None else None
    zone = region_of(settings).zone

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            read = queries.alerts if closed else queries.open_alerts
            rows = await read(connection, when)
        for row in rows:
            where = row["area_name"] or row["feed"] or ""
            told = "on probation" if row["probation"] else row["state"]
            say(
                f"{row['uid']}  {row['period'].astimezone(zone):%Y-%m-%d %H:%M}  {row['kind']:<9}  {told:<12}  "
                f"{row['firings']:>3}  {where:<22}  {row['title_sv']}"
            )
        if not rows:
            say("No alert is open.")

    with_pool(settings, work)


@alerts.command("rules")
def rules_command() -> None:
    """The rules, in plain words."""
    from app.alerts.described import describe
    from app.alerts.rule import read_rule
    from app.queries import alerts_rules

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            rows = await alerts_rules.rules(connection, fences=True)
            names = await alerts_rules.names(connection)
        for row in rows:
            say(f"{row['rule_id']}  version {row['version']}  {row['mode']:<9}  {row['title_sv']}")
            say(f"    {describe(read_rule(row['definition'], row['fence']), names).sv}")
        if not rows:
            say("There is no rule yet; `lagesbild alerts serve` brings the first.")

    with_pool(Settings(), work)


@alerts.command("replay")
def replay_command(
    rule: Annotated[str, typer.Argument(help="id of a rule, or a part of its title")],
    days: Annotated[int, typer.Option(min=1, max=1830)] = 365,
    until: Annotated[str | None, typer.Option(help="up to then: ISO 8601 with zone; default now")] = None,
) -> None:
    """What a rule would have done, with what was known at each step."""
    from app.jobs.alerting_trials import told, try_rule
    from app.queries import alerts_rules

    settings = Settings()
    region = region_of(settings)
    to = moment("--until", until) if until is not None else datetime.now(UTC)

    async def work(pool: Pool) -> None:
        from app.alerts.rule import read_rule

        async with (
            pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            rows = await alerts_rules.rules(connection, fences=True)
            found = next((row for row in rows if _is(row["rule_id"], row["title_sv"], rule)), None)
            if found is None:
                raise NotFound(f"There is no rule {rule!r}; `lagesbild alerts rules` lists them.")
            chosen = read_rule(found["definition"], found["fence"])
            names = await alerts_rules.names(connection)
            begun = asyncio.get_running_loop().time()
            done = await try_rule(connection, region, chosen, to, days, found["allowed_per_week"])
            took = asyncio.get_running_loop().time() - begun
        answer = told(chosen, done)
        for one in answer["alerts"]:
            at = datetime.fromisoformat(one["period"]).astimezone(region.zone)
            where = names.areas.get(one["place"], one["place"])
            say(f"{at:%Y-%m-%d %H:%M}  {one['firings']:>3}  {where:<22}  {one['words']['sv']}")
        for sentence in answer["words"]:
            say(sentence["sv"])
        say(f"{took:.2f} s")

    with_pool(settings, work)


@alerts.command("serve")
def serve_command(supervised: Supervised = False) -> None:
    """Look at the rules until stopped; `lagesbild up` does it by itself."""
    from app.db import open_pool
    from app.jobs.alerting import Engine, serve
    from app.jobs.alerting_send import Sender, Ways

    settings = Settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    region = region_of(settings)
    dsn = join(settings, "alerts", supervised)
    secret, password = settings.alert_webhook_secret, settings.smtp_password
    ways = Ways(
        smtp_host=settings.smtp_host,
        smtp_port=settings.smtp_port,
        smtp_security=settings.smtp_security,
        smtp_user=settings.smtp_user,
        smtp_password="" if password is None else password.get_secret_value(),
        sender=settings.alert_mail_from,
        secret="" if secret is None else secret.get_secret_value(),
        link=settings.public_url or "",
        cafile=None if settings.smtp_ca is None else str(settings.smtp_ca),
    )

    async def run() -> None:
        async with open_pool(dsn, size=5, name="lagesbild alerts") as pool:
            engine = Engine(pool, region, settings.alert_targets)
            await serve(pool, dsn, region, engine, Sender(pool, ways, region.zone))

    # SIGTERM ends it at once: a look is one transaction, and the next process begins where the last one committed.
    asyncio.run(run())


def _is(rule_id: str, title: str, asked: str) -> bool:
    try:
        return UUID(asked) == UUID(rule_id)
    except ValueError:
        return asked.casefold() in title.casefold()
