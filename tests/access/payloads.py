"""What a browser would send to a callback, with an answer to whatever it may ask for, pressed and filled in."""

from __future__ import annotations

import json
from typing import Any

from app.api.link_examples import PROPOSAL

WINDOW = {
    "first": "2026-11-01", "last": "2026-11-24", "known": None, "kind": "report", "area": None, "offence": [],
}  # fmt: skip


def payload(callback: dict[str, Any], about: dict[str, str]) -> dict[str, Any]:
    """The body of a callback's request.

    Args:
        callback: As Dash describes it.
        about: Ids by name: ``uid`` of an incident, ``alert``, ``rule_id``, ``edition``, ``entry`` of the log book,
            ``done`` (an intervention), ``proposal``, ``trial``, ``number`` of a person, ``area`` of the page about
            districts and ``of`` of the morning's.
    """
    known = _known(callback["output"], about)

    def filled(entries: list[dict[str, Any]]) -> list[Any]:
        return [_filled(entry["id"], entry["property"], known) for entry in entries]

    names = callback["output"].strip(".").split("...")
    outputs = [
        dict(zip(("id", "property"), name.split("@")[0].rsplit(".", 1), strict=True)) for name in names
    ]
    first = filled(callback["inputs"])[:1]
    pressed = first[0][0] if first and isinstance(first[0], list) else first[0] if first else None
    return {
        "output": callback["output"], "outputs": outputs if callback["output"].startswith("..") else outputs[0],
        "inputs": filled(callback["inputs"]), "state": filled(callback.get("state", [])),
        "changedPropIds": [_changed(pressed)] if pressed else [],
    }  # fmt: skip


def _filled(name: str, of: str, known: dict[str, Any]) -> Any:
    """An input; of one that stands for many (its id is a pattern) a list with one that was pressed."""
    if name.startswith("{"):
        told = {key: value if isinstance(value, str) else "1" for key, value in json.loads(name).items()}
        return [{"id": told, "property": of, "value": 1}]
    return {"id": name, "property": of, "value": known.get(f"{name}.{of}")}


def _changed(pressed: dict[str, Any]) -> str:
    name = pressed["id"]
    told = json.dumps(name, sort_keys=True, separators=(",", ":")) if isinstance(name, dict) else name
    return f"{told}.{pressed['property']}"


def _known(output: str, about: dict[str, str]) -> dict[str, Any]:
    uid, link = about["uid"], about["proposal"]
    choice = {
        "write": "1", "shift": "1", "case": uid, "alert": about["alert"], "rule": about["rule_id"], "tab": "rules",
        "closed": "1", "edition": about["edition"], "done": about["done"],
    }  # fmt: skip
    if "morgon" in output:  # other pages choose something else by this name
        choice["of"] = about["of"]
    return {
        "query.data": WINDOW, "view.data": {**WINDOW, "uid": uid}, "chosen.data": uid, "lang.data": "sv",
        "theme-now.data": "dark", "tick.data": 1, "again.data": 1, "place.pathname": "/", "place.search": "?lang=sv",
        "changed.data": {"since": "2026-11-01T00:00:00Z", "all": True}, "beat.n_intervals": 1,
        "table-download.n_clicks": 1, "choice.data": choice, "case-given.data": "quality",
        "par-given.data": "follow_up", "par-least.value": "1", "par-number.value": about["number"],
        "par-role.value": "victim", "link-given.data": "quality", "link-text.value": "samma telefon",
        "link-open.data": link,
        "link-told.data": {"rows": [{**PROPOSAL, "proposal": link}], "decided": [], "waiting": 1, "rest": None},
        "larm-acknowledge.n_clicks": 1, "larm-shown.data": about["alert"], "larm-note.value": "Uppringd.",
        "larm-trial-look.n_intervals": 1, "larm-trial-id.data": {"trial": about["trial"], "done": False},
        "log-add.n_clicks": 1, "log-text.value": "Rättat.", "log-kind.value": "note", "log-since.value": "last",
        "log-target.data": {"act": "correct", "entry": about["entry"], "kind": "note"},
        "omrade-at.data": {"code": about["area"], "query": WINDOW},
    }  # fmt: skip
