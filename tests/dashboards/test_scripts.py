"""Our JavaScript can be read at all, and asks nothing of another machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from app.config import ROOT
from tests.dashboards.scripts import NODE, told

SCRIPTS = sorted((ROOT / "dashboards" / "assets").glob("*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_the_script_has_no_syntax_error(script: Path) -> None:
    checked = subprocess.run([NODE, "--check", str(script)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


# A page with as little in it as the stream's reader needs; what the ticker is given is written out.
PAGE = """
const told = [], heard = {};
const L = { onLanguage() {}, say: (key) => key, within: (query, day) => day >= query.first && day <= query.last,
  tickerStart() {}, pulse() {}, unpulse() {},
  tickerAdd(rows) { told.push(...rows.map((row) => row.change)); return rows; } };
globalThis.window = { lagesbild: L, setTimeout() {}, clearTimeout() {}, setInterval() {} };
window.dash_clientside = { set_props() {} };
globalThis.document = { addEventListener() {}, getElementById: () => null, documentElement: { dataset: {} } };
globalThis.EventSource = class { addEventListener(name, then) { heard[name] = then; } close() {} };
require(process.argv[1]);
const query = { kind: "report", first: "2026-11-18", last: "2026-11-24", known: null };
window.dash_clientside.live.begin({ query, position: "1-1", areas: ["0184"], offences: null, rows: [] });
const row = { kind: "report", day: "2026-11-23", area: "0184", offence: "9365", incidents: 1, state: "active" };
const events = JSON.parse(process.argv[2]);
const rows = events.flatMap((event, n) => event.map((more) => ({ ...row, uid: "u", known_at: String(n), ...more })));
heard.ledger({ lastEventId: "2-2", data: JSON.stringify({ rows }) });
console.log(JSON.stringify(told));
"""


def test_what_moves_out_of_the_filters_is_told_live_as_corrected_and_not_as_withdrawn() -> None:
    events = [
        [{"sign": 1}],
        [{"sign": -1}, {"sign": 1}],
        [{"sign": -1}, {"sign": 1, "area": "0125"}],
        [{"sign": -1, "state": "withdrawn"}],
    ]
    assert told(PAGE, "50_live.js", events) == ["new", "corrected", "corrected", "withdrawn"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_the_script_names_no_other_machine(script: Path) -> None:
    assert re.findall(r"""["'`](?:https?:)?//[^"'`]+""", script.read_text(encoding="utf-8")) == []


# As little of a page as the shell needs; the sentence in its bar is written out in either language.
BAR = """
const bar = {};
globalThis.window = { setInterval() {}, setTimeout() {}, lagesbild: {} };
globalThis.document = { getElementById: () => bar, documentElement: { dataset: {} } };
require(process.argv[1]);
const L = window.lagesbild;
L.texts = { sv: { said: "Fel: {reason}" }, en: { said: "Wrong: {reason}" } };
const told = [];
for (const fault of JSON.parse(process.argv[2])) for (const lang of ["sv", "en"]) {
  L.lang = lang;
  window.dash_clientside.shell.fault({ key: "said", ...fault });
  told.push(bar.textContent);
}
console.log(JSON.stringify(told));
"""


def test_what_is_wrong_is_said_in_the_language_of_the_screen() -> None:
    faults = [{"reason": "Swap the two.", "reason_sv": "Byt plats på dem."}, {"reason": "12"}]
    assert told(BAR, "20_shell.js", faults) == [
        "Fel: Byt plats på dem.",
        "Wrong: Swap the two.",
        "Fel: 12",
        "Wrong: 12",
    ]
