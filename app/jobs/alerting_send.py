"""What leaves the house: e-mails and webhooks, from the outbox that is written with the alert in one transaction.

They say which kind of alert it is, in which district and when, and link to it: no title that somebody wrote, no count,
no report, no place finer than a district. Each is tried again, later and later; one that could not be sent after its
last try is itself an alert on the screen. A process that is killed between sending and noting so sends once more, with
the same id (``Message-ID``, ``Idempotency-Key``), by which whoever receives can tell.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import httpx

from app.alerts.first import DELIVERY

if TYPE_CHECKING:
    from app.db import Connection, Pool

Security = Literal["starttls", "tls", "none"]
WAITS_S = (10.0, 60.0, 300.0, 900.0, 3600.0)
"""After each failed try; after the last it is given up."""
LOOK_S = 5.0
TIMEOUT_S = 10.0
GROUPED = timedelta(hours=24)

KINDS = {
    "threshold": "Tröskel", "deviation": "Avvikelse", "repeat": "Upprepning", "silence": "Tyst källa",
    "geofence": "Inom en gräns", "delivery": "Ej skickat",
}  # fmt: skip

NEXT = """
select o.outbox_id, o.alert_id, o.channel, o.target, o.tries, a.uid, a.kind, a.rule_id, a.period, a.feed, a.place,
    p.name as area
from alert_outbox as o join alert as a using (alert_id) left join area as p on p.area_id = a.area_id
where o.done_at is null and o.due_at <= $1 order by o.due_at limit 1 for update of o skip locked
"""
LATER = "update alert_outbox set tries = tries + 1, due_at = $2 where outbox_id = $1"
DONE = "update alert_outbox set tries = tries + 1, done_at = $2, delivered = $3 where outbox_id = $1"
TOLD = "insert into alert_action (alert_id, rule_id, kind, channel) values ($1, $2, $3, $4)"
FAILURE_VERSION = "select version_id from alert_rule_version where rule_id = $1 order by version desc limit 1"
FAILURE_OPEN = """
select alert_id from alert where rule_id = $1 and place = $2 and period > $3 order by period desc limit 1
"""
FAILURE = """
insert into alert (version_id, rule_id, kind, place, period, day, probation)
values ($1, $2, 'delivery', $3, $4, $5, false) returning alert_id
"""
FAILURE_FIRED = """
insert into alert_action (alert_id, rule_id, kind, firing, fired_at) values ($1, $2, $3, $4, $5)
on conflict (rule_id, firing) do nothing
"""

log = logging.getLogger("lagesbild.alerts")


@dataclass(frozen=True)
class Ways:
    """How to send, as the operator has set it. ``link`` is the address of the picture, "" where nobody may know it."""

    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: Security = "starttls"
    smtp_user: str = ""
    smtp_password: str = ""
    sender: str = "lagesbild@localhost"
    secret: str = ""
    link: str = ""
    cafile: str | None = None


class NotSent(Exception):  # noqa: N818 - reads as what it is
    """It was not taken; it is tried again."""


class Sender:
    """Sends what is due. ``waits_s`` and ``clock`` are for tests."""

    def __init__(self, pool: Pool, ways: Ways, zone: ZoneInfo, waits_s: tuple[float, ...] = WAITS_S) -> None:
        self._pool = pool
        self._ways = ways
        self._zone = zone
        self._waits_s = waits_s

    async def serve(self, wake: asyncio.Event) -> None:
        """Send until cancelled."""
        del wake  # what a look has written is due within seconds anyway
        while True:
            while await self.once():
                pass
            await asyncio.sleep(LOOK_S)

    async def once(self, now: datetime | None = None) -> bool:
        """Try the next that is due; whether there was one."""
        at = now or datetime.now(UTC)
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(NEXT, at)
            if row is None:
                return False
            try:
                if row["channel"] == "mail":
                    await asyncio.to_thread(self._mail, row)
                else:
                    await self._webhook(row)
            except NotSent as error:
                log.warning("The alert %s could not be sent by %s: %s", row["uid"], row["channel"], error)
                await self._failed(connection, row, at)
            else:
                await connection.execute(DONE, row["outbox_id"], at, True)
                await connection.execute(TOLD, row["alert_id"], row["rule_id"], "delivered", row["channel"])
        return True

    async def _failed(self, connection: Connection, row: Any, at: datetime) -> None:
        if row["tries"] < len(self._waits_s):
            await connection.execute(
                LATER, row["outbox_id"], at + timedelta(seconds=self._waits_s[row["tries"]])
            )
            return
        await connection.execute(DONE, row["outbox_id"], at, False)
        await connection.execute(TOLD, row["alert_id"], row["rule_id"], "delivery_failed", row["channel"])
        version = await connection.fetchval(FAILURE_VERSION, DELIVERY)
        alert_id = await connection.fetchval(FAILURE_OPEN, DELIVERY, row["channel"], at - GROUPED)
        begins = alert_id is None
        if begins:
            day = at.astimezone(self._zone).date()
            alert_id = await connection.fetchval(FAILURE, version, DELIVERY, row["channel"], at, day)
        await connection.execute(
            FAILURE_FIRED, alert_id, DELIVERY, "fired" if begins else "grouped", f"outbox {row['outbox_id']}", at
        )  # fmt: skip

    def facts(self, row: Any) -> dict[str, Any]:
        """All that leaves the house about an alert."""
        return {
            "alert": str(row["uid"]),
            "kind": row["kind"],
            "district": row["area"],
            "feed": row["feed"],
            "period": row["period"].isoformat(),
            "link": f"{self._ways.link}/larm?alert={row['uid']}" if self._ways.link else None,
        }

    def _mail(self, row: Any) -> None:
        ways, facts = self._ways, self.facts(row)
        where = facts["district"] or facts["feed"] or "regionen"
        when = row["period"].astimezone(self._zone)
        message = EmailMessage()
        message["Subject"] = f"Larm: {KINDS[row['kind']]}, {where}"
        message["From"], message["To"] = ways.sender, row["target"]
        message["Message-ID"] = f"<{row['uid']}.{row['outbox_id']}@lagesbild>"
        message["Date"] = row["period"]
        message["Auto-Submitted"] = "auto-generated"
        lines = [
            f"{KINDS[row['kind']]}, {where}, {when:%Y-%m-%d %H:%M}.",
            "",
            "Innehållet finns i lägesbilden.",
        ]
        message.set_content("\n".join([*lines, *([facts["link"]] if facts["link"] else [])]) + "\n")
        try:
            with self._connect() as server:
                if ways.smtp_user:
                    server.login(ways.smtp_user, ways.smtp_password)
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(type(error).__name__) from error  # its words may hold an address

    def _connect(self) -> smtplib.SMTP:
        ways = self._ways
        context = ssl.create_default_context(cafile=ways.cafile)
        if ways.smtp_security == "tls":
            return smtplib.SMTP_SSL(ways.smtp_host, ways.smtp_port, timeout=TIMEOUT_S, context=context)
        server = smtplib.SMTP(ways.smtp_host, ways.smtp_port, timeout=TIMEOUT_S)
        try:
            if ways.smtp_security == "starttls":
                server.starttls(context=context)
        except BaseException:
            server.close()
            raise
        return server

    async def _webhook(self, row: Any) -> None:
        body = json.dumps(self.facts(row), ensure_ascii=False, sort_keys=True).encode()
        at = str(int(datetime.now(UTC).timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": f"{row['uid']}.{row['outbox_id']}",
            "X-Lagesbild-Timestamp": at,
            "X-Lagesbild-Signature": f"sha256={sign(self._ways.secret, at, body)}",
        }
        try:
            async with httpx.AsyncClient(
                timeout=TIMEOUT_S, follow_redirects=False, trust_env=False
            ) as client:
                answer = await client.post(row["target"], content=body, headers=headers)
        except httpx.HTTPError as error:
            raise NotSent(type(error).__name__) from error
        if not answer.is_success:
            raise NotSent(f"status {answer.status_code}")


def sign(secret: str, at: str, body: bytes) -> str:
    """The signature that a receiver holds a webhook against: HMAC-SHA-256 of the timestamp, a dot and the body."""
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
