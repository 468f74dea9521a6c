"""Nu's counters are asked for by the browser: the last question counts, and news never starves an answer."""

from __future__ import annotations

from typing import Any

from tests.dashboards.scripts import told

# A page with as little in it as the counters need; each step of the story is run, and what happened is written out.
PAGE = """
const asked = [], told = [], box = { replaceChildren() {} };
let last = null;
class Request {
  open(_, address) { this.address = address; this.readyState = 1; }
  send() { asked.push(this.address); last = this; }
  abort() { if (this.readyState === 4) return; this.readyState = 4; told.push("abort"); this.onloadend(); }
  answer(status, n) {
    this.readyState = 4;
    this.status = status;
    const now = { incidents: n, offences: n, harm: n };
    this.responseText = JSON.stringify({ now, before: null, without: 0, weighted: true });
    this.onload();
    this.onloadend();
  }
  fail() { this.readyState = 4; this.onerror(); this.onloadend(); }
}
Request.DONE = 4;
globalThis.XMLHttpRequest = Request;
const L = { texts: { sv: { a: "b" } }, lang: "sv", say: (key) => key, number: String, onLanguage() {}, asked: null,
  painted: async () => {}, parameters: (query) => query, failed: (status) => told.push("failed " + status) };
globalThis.window = { lagesbild: L, setTimeout() {}, location: { reload() { told.push("reload"); } } };
window.dash_clientside = { set_props: (id, { data }) => told.push(id + " " + (data.key || data.now.incidents)) };
globalThis.document = { getElementById: () => box, createElement: () => ({ append() {} }) };
require(process.argv[1]);
(async function () {
  for (const [what, value, more] of JSON.parse(process.argv[2])) {
    if (what === "ask") L.count((L.asked = value));
    if (what === "news") window.dash_clientside.counters.look();
    if (what === "answer") last.answer(value, more);
    if (what === "fail") last.fail();
    await new Promise((done) => setImmediate(done));
  }
  console.log(JSON.stringify({ asked: asked.map((one) => one.split("?")[1]), told }));
})();
"""


def lived(*steps: list[Any]) -> dict[str, list[str]]:
    """What was asked of the server and what was told of it, when these happen one after the other."""
    found: dict[str, list[str]] = told(PAGE, "45_counters.js", steps)
    return found


def test_the_last_question_counts() -> None:
    found = lived(["ask", "a"], ["ask", "b"], ["answer", 200, 7])
    assert found == {"asked": ["a", "b"], "told": ["abort", "measured 7"]}


def test_news_while_it_is_asked_asks_once_more_and_takes_no_answer_away() -> None:
    found = lived(
        ["ask", "a"], ["news"], ["news"], ["news"], ["answer", 200, 7], ["answer", 200, 8], ["news"]
    )
    assert found == {"asked": ["a", "a", "a"], "told": ["measured 7", "measured 8"]}


def test_a_new_question_makes_news_of_the_old_one_idle() -> None:
    found = lived(["ask", "a"], ["news"], ["ask", "b"], ["answer", 200, 7])
    assert found == {"asked": ["a", "b"], "told": ["abort", "measured 7"]}


def test_what_goes_wrong_is_said_and_the_next_question_is_asked() -> None:
    assert lived(["ask", "a"], ["answer", 503, 0])["told"] == ["failed 503"]
    assert lived(["ask", "a"], ["answer", 400, 0])["told"] == ["fault fault.view"]
    assert lived(["ask", "a"], ["answer", 429, 0])["told"] == ["fault fault.too_many"]
    assert lived(["ask", "a"], ["answer", 401, 0])["told"] == ["reload"]
    found = lived(["ask", "a"], ["fail"], ["news"], ["answer", 200, 7])
    assert found == {"asked": ["a", "a"], "told": ["failed 0", "measured 7"]}
