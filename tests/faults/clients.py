"""The outside world during the kills: who sends, who follows the stream. Both do what a real client does: try again."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.faults.instance import Instance
from tests.faults.source import Delivery

PAUSE_S = 0.3


@dataclass
class Sender:
    """Pushes deliveries in their order, each until it is acknowledged."""

    instance: Instance
    deliveries: list[Delivery]
    gate: asyncio.Semaphore
    receipts: list[dict[str, Any]] = field(default_factory=list)
    attempts: int = 0

    async def run(self) -> None:
        async with self.instance.client() as client:
            for number, delivery in enumerate(self.deliveries):
                await self.gate.acquire()
                self.receipts.append(await self._send(client, delivery, number))

    async def _send(self, client: httpx.AsyncClient, delivery: Delivery, number: int) -> dict[str, Any]:
        while True:
            self.attempts += 1
            try:
                answer = await client.post(
                    f"/feeds/{delivery.feed}/records",
                    content=delivery.body(),
                    params={"name": f"push {number}"},
                )
            except httpx.TransportError:
                await asyncio.sleep(PAUSE_S)
                continue
            if answer.status_code == httpx.codes.ACCEPTED:
                receipt: dict[str, Any] = answer.json()
                return receipt
            assert answer.status_code >= 500, f"{answer.status_code}: {answer.text}"
            await asyncio.sleep(PAUSE_S)


@dataclass
class Follower:
    """Reads the live stream from the beginning, and comes back to where it was whenever it is cut off."""

    instance: Instance
    rows: list[str] = field(default_factory=list)
    last_id: str = "0-0"
    connections: int = 0
    resets: int = 0

    async def run(self) -> None:
        async with self.instance.client() as client:
            while True:
                try:
                    await self._read(client)
                except httpx.TransportError:
                    await asyncio.sleep(PAUSE_S)

    async def _read(self, client: httpx.AsyncClient) -> None:
        async with client.stream("GET", "/stream", headers={"Last-Event-ID": self.last_id}) as answer:
            if answer.status_code != httpx.codes.OK:
                await asyncio.sleep(PAUSE_S)
                return
            self.connections += 1
            event: dict[str, str] = {}
            async for line in answer.aiter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                    continue
                if event.get("event") == "ledger":
                    self.rows += [row["position"] for row in json.loads(event["data"])["rows"]]
                if event.get("event") == "reset":
                    self.resets += 1
                self.last_id = event.get("id", self.last_id)
                event = {}
