"""What leaves the house, to a real mail server and a real receiver of webhooks: little, signed, and never lost."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from app.alerts.first import DELIVERY
from app.alerts.rule import Threshold
from app.commands.alerts_said import install_first
from app.db import Pool
from app.jobs.alerting import Engine
from app.jobs.alerting_send import Sender, Ways, sign
from tests.alerts.conftest import BEGAN, ENDED, REGION, put

SECRET = "a secret"
TITLE = "Storgatan 5 och Anna Andersson"  # what an analyst should not have written
NOW = datetime.now(UTC) + timedelta(hours=1)  # after what is written meanwhile


class Box:
    """A mailbox."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.refuse = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuse:
            return "451 try again"
        self.taken.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[Box, int]]:
    box = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


@dataclass
class Received:
    """What came, and what is answered."""

    status: str = "200 OK"
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0


@asynccontextmanager
async def receiver() -> AsyncIterator[Received]:
    """A server of HTTP that answers with a status and keeps what came."""
    received = Received()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        body = await reader.readexactly(int(headers["content-length"]))
        received.taken.append((headers, body))
        elsewhere = (
            f"Location: http://127.0.0.1:{received.port}/elsewhere\r\n" if received.status[0] == "3" else ""
        )
        writer.write(
            f"HTTP/1.1 {received.status}\r\n{elsewhere}Content-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    received.port = server.sockets[0].getsockname()[1]
    async with server:
        yield received


@pytest.fixture
async def waiting(loaded: str, pool: Pool) -> AsyncIterator[Any]:
    """Makes alerts that are to be sent to some targets; what earlier tests left is taken for sent."""

    async def make(targets: dict[str, tuple[str, ...]]) -> int:
        ways = {"mail": "mail" in targets, "webhook": "webhook" in targets}
        rule = Threshold(window_hours=96, at_least=3, group_hours=5000, **ways)
        async with pool.acquire() as connection:
            await connection.execute(
                "update alert_outbox set done_at = now(), delivered = true where done_at is null"
            )
            rule_id = await put(connection, rule)
        await Engine(pool, REGION, targets).look(ENDED)
        async with pool.acquire() as connection:
            return int(await connection.fetchval("select count(*) from alert where rule_id = $1", rule_id))

    return make


async def sent(sender: Sender, now: datetime = NOW) -> int:
    tried = 0
    while await sender.once(now):
        tried += 1
    return tried


async def test_an_alert_leaves_by_mail_with_its_kind_district_and_moment_and_no_more(
    waiting: Any, pool: Pool
) -> None:
    with mail_server() as (box, port):
        many = await waiting({"mail": ("vakt@example.org", "chef@example.org")})
        ways = Ways(
            smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", link="https://lagesbild.example"
        )
        assert many > 0
        assert await sent(Sender(pool, ways, REGION.zone)) == 2 * many
        assert await sent(Sender(pool, ways, REGION.zone)) == 0, "once"
        assert len(box.taken) == 2 * many
    ids = {message["Message-ID"] for message in box.taken}
    assert len(ids) == 2 * many
    for message in box.taken:
        text = message["Subject"] + message.get_content()
        assert "Tröskel" in text
        assert "https://lagesbild.example/larm?alert=" in text
        assert not any(word in text for word in ("Regel", "Storgatan", "anmälningar", "18."))
        assert message["To"] in {"vakt@example.org", "chef@example.org"}
    async with pool.acquire() as connection:
        told = await connection.fetch("select kind, channel from alert_action where channel is not null")
    assert {tuple(row) for row in told} == {("delivered", "mail")}


async def test_a_webhook_is_signed_and_says_no_more_than_a_district(waiting: Any, pool: Pool) -> None:
    async with receiver() as received:
        many = await waiting({"webhook": (f"http://127.0.0.1:{received.port}/larm",)})
        assert await sent(Sender(pool, Ways(secret=SECRET), REGION.zone)) == many > 0
    assert len({headers["idempotency-key"] for headers, _ in received.taken}) == many
    for headers, body in received.taken:
        assert headers["x-lagesbild-signature"] == "sha256=" + sign(
            SECRET, headers["x-lagesbild-timestamp"], body
        )
        told = json.loads(body)
        assert set(told) == {"alert", "kind", "district", "feed", "period", "link"}
        assert told["kind"] == "threshold"
        assert told["link"] is None


async def test_what_cannot_be_sent_is_tried_again_and_then_an_alert_on_the_screen(
    waiting: Any, pool: Pool
) -> None:
    async with pool.acquire() as connection:
        await connection.execute(
            "insert into alert_rule_version (rule_id, version, kind, title_sv, title_en, definition, mode, "
            "allowed_per_week) values ($1, 1, 'delivery', 'x', 'x', '{\"kind\": \"delivery\"}', 'live', 7) "
            "on conflict do nothing",
            DELIVERY,
        )  # fmt: skip
    async with receiver() as received:
        received.status = "302 Found"  # no redirect is followed
        many = await waiting({"webhook": (f"http://127.0.0.1:{received.port}/larm",)})
        sender = Sender(pool, Ways(secret=SECRET), REGION.zone, waits_s=(10, 60))
        assert await sent(sender) == many
        assert await sent(sender) == 0, "not before it is due"
        assert await sent(sender, NOW + timedelta(seconds=11)) == many
        assert await sent(sender, NOW + timedelta(seconds=100)) == many
        assert await sent(sender, NOW + timedelta(days=9)) == 0, "given up"
        assert len(received.taken) == 3 * many, "and nothing went elsewhere"
    async with pool.acquire() as connection:
        failed = await connection.fetch(
            "select a.kind, a.place, b.kind as done from alert as a join alert_action as b using (alert_id) "
            "where a.rule_id = $1 order by action_id",
            DELIVERY,
        )
        told = await connection.fetchval("select count(*) from alert_action where kind = 'delivery_failed'")
    assert [tuple(row) for row in failed] == [
        ("delivery", "webhook", "fired"), *[("delivery", "webhook", "grouped")] * (many - 1)
    ]  # fmt: skip
    assert told == many


async def test_a_mail_server_that_is_away_or_says_later_is_asked_again(waiting: Any, pool: Pool) -> None:
    with mail_server() as (box, port):
        many = await waiting({"mail": ("vakt@example.org",)})
        ways = Ways(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
        box.refuse = True
        assert await sent(Sender(pool, ways, REGION.zone)) == many
    assert await sent(Sender(pool, ways, REGION.zone), NOW + timedelta(seconds=20)) == many, "nobody is there"
    with mail_server() as (box, port):
        later = NOW + timedelta(hours=1)
        back = Ways(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
        assert await sent(Sender(pool, back, REGION.zone), later) == many
        assert len(box.taken) == many
    assert BEGAN < NOW


async def test_a_server_without_tls_is_sent_nothing_where_tls_is_asked_for(waiting: Any, pool: Pool) -> None:
    with mail_server() as (box, port):
        many = await waiting({"mail": ("vakt@example.org",)})
        assert await sent(Sender(pool, Ways(smtp_host="127.0.0.1", smtp_port=port), REGION.zone)) == many
        assert box.taken == []


async def test_the_first_rules_are_installed_once_on_probation(fresh_dsn: str) -> None:
    from app.db import open_pool

    async with open_pool(fresh_dsn, size=1) as own, own.acquire() as connection:
        assert await install_first(connection) > 0
        assert await install_first(connection) == 0
        rows = await connection.fetch("select kind, mode from alert_rule_version")
    assert {row["mode"] for row in rows if row["kind"] != "delivery"} == {"probation"}
