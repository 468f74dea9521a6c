"""The HTML that a page begins as, and what it may do: the policy that is sent with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from app.gate.headers import page_policy
from dashboards.late import grid_script

if TYPE_CHECKING:
    from dashboards.services import Services

HEAD = """
  if (window.trustedTypes) window.trustedTypes.createPolicy("default", {
    createHTML: (text) => (text.includes("<") ? null : text), // style sheets pass; markup is never made of text
    createScriptURL: (url) => (new URL(url, location.href).origin === location.origin ? url : null),
  }); // there is no createScript: text never becomes a script
  window.lagesbild = {facts: JSON.parse(document.getElementById("facts").textContent)};
  (function (root) { // language and theme are in the address from the start: nothing flashes
    const asked = new URLSearchParams(location.search);
    let kept = {};
    try { kept = {...localStorage}; } catch { /* private browsing keeps nothing */ }
    const lang = (asked.get("lang") || kept["lagesbild.lang"]) === "en" ? "en" : "sv";
    const theme = (asked.get("theme") || kept["lagesbild.theme"]) === "light" ? "light" : "dark";
    asked.set("lang", lang);
    asked.set("theme", theme);
    history.replaceState(null, "", "?" + asked.toString().replaceAll("%2C", ",").replaceAll("%3A", ":"));
    root.dataset.mantineColorScheme = theme;
    root.lang = lang;
  })(document.documentElement);
"""
"""Runs before anything is drawn. It holds nothing that differs from server to server: its hash is in the policy."""

INDEX = """<!DOCTYPE html>
<html lang="sv" data-mantine-color-scheme="dark">
<head>
{%metas%}
<title>{%title%}</title>
<link rel="modulepreload" href="/assets/vendor/maplibre-gl/maplibre-gl.mjs">
<link rel="icon" type="image/svg+xml" href="/favicon.ico">
{%css%}
<script id="facts" type="application/json">FACTS</script>
<script>HEAD</script>
</head>
<body>
{%app_entry%}
<footer>{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>"""


def index_string(services: Services) -> str:
    """The page around Dash's own parts. Facts are data, not script: what is in them cannot run."""
    region = services.region
    facts = {
        "zone": region.zone.key,
        "map": region.facts["map"],
        "demo": services.demo,
        "grid": grid_script(),
    }
    return INDEX.replace("HEAD", HEAD).replace("FACTS", orjson.dumps(facts).decode().replace("<", "\\u003c"))


def policy(renderer: str) -> str:
    """What a page may do.

    Dash starts itself by the one line ``renderer``; callbacks in the browser are functions of our files, so no other
    inline script is there.
    """
    return page_policy(scripts=[HEAD, renderer], styles=None, trusted=True)
