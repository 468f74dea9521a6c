"""Libraries of components that most pages do without: they come when the first of their components is seen.

AG Grid is as heavy as all the rest before the map is drawn. In its place stands ``assets/12_grid.js``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import dash_ag_grid
from dash.fingerprint import build_fingerprint

GRID = "dash_ag_grid.min.js"


def grid_script() -> str:
    """The address of AG Grid's script, which from now on is none of the scripts that a page begins with.

    Dash serves it as before: a script that is ``dynamic`` is known to it and not put into the page.
    """
    library = cast("Any", dash_ag_grid)
    script = next(one for one in library._js_dist if one["relative_package_path"] == GRID)  # noqa: SLF001
    script["dynamic"] = True
    changed = int((Path(library.__file__).parent / GRID).stat().st_mtime)
    name = build_fingerprint(GRID, library.__version__, changed)  # type: ignore[no-untyped-call]
    return f"/_dash-component-suites/dash_ag_grid/{name}"
