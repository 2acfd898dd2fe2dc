"""Make `src/floodmark/reports/data/world.json`: country outlines, dots and English names by ISO code.

Outlines come from Natural Earth (public domain) as packed by the npm package `world-atlas` (2.0.2), names
from the Unicode CLDR as packed by Babel. Run it by hand when either changes:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/world_geometry.py package/countries-110m.json package/countries-50m.json
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import get_global
from phonenumbers import SUPPORTED_REGIONS

TARGET = Path(__file__).parent.parent / "src/floodmark/reports/data/world.json"
UNNUMBERED = {"N. Cyprus": "CY", "Somaliland": "SO", "Kosovo": "XK"}
SHORT_NAMES = {
    "HK": "Hong Kong",
    "MO": "Macao",
    "MM": "Myanmar",
    "PS": "Palestine",
    "CD": "Congo (Kinshasa)",
    "CG": "Congo (Brazzaville)",
    "BA": "Bosnia and Herzegovina",
    "VC": "Saint Vincent and the Grenadines",
    "BL": "Saint Barthélemy",
    "KN": "Saint Kitts and Nevis",
    "LC": "Saint Lucia",
    "PM": "Saint Pierre and Miquelon",
    "MF": "Saint Martin",
    "SH": "Saint Helena",
    "TT": "Trinidad and Tobago",
    "AG": "Antigua and Barbuda",
    "TC": "Turks and Caicos Islands",
    "ST": "São Tomé and Príncipe",
    "WF": "Wallis and Futuna",
    "SJ": "Svalbard and Jan Mayen",
}
# Longitude and latitude of places that the 1:50m outlines hold inside another country, too small for a tenth
# of a degree, or not at all.
DOTS = {
    "AC": (-14.4, -7.9),
    "BL": (-62.8, 17.9),
    "BQ": (-68.3, 12.2),
    "CC": (96.9, -12.2),
    "CK": (-159.8, -21.2),
    "CX": (105.6, -10.5),
    "GI": (-5.3, 36.1),
    "GP": (-61.5, 16.2),
    "IO": (72.4, -7.3),
    "MC": (7.4, 43.7),
    "MF": (-63.1, 18.1),
    "MO": (113.5, 22.2),
    "MQ": (-61.0, 14.6),
    "MV": (73.5, 4.2),
    "RE": (55.5, -21.1),
    "TA": (-12.3, -37.1),
    "TK": (-171.8, -9.2),
    "TV": (179.2, -8.5),
    "VA": (12.5, 41.9),
    "YT": (45.2, -12.8),
}
Ring = list[list[float]]


def arcs_of(topology: dict[str, Any]) -> list[Ring]:
    """Every arc of a quantised topology in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append([x * sx + tx, y * sy + ty])
        arcs.append(points)
    return arcs


def ring_of(indices: list[int], arcs: list[Ring]) -> Ring:
    """One closed ring: arcs joined, a negative index read backwards, rounded to a tenth of a degree."""
    points: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    rounded = [[round(x, 1), round(y, 1)] for x, y in points]
    return [point for n, point in enumerate(rounded) if n == 0 or point != rounded[n - 1]]


def polygons_of(geometry: dict[str, Any], arcs: list[Ring]) -> list[list[Ring]]:
    """The polygons of one country, rings too small for the scale left out."""
    parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    polygons = [[ring for ring in (ring_of(r, arcs) for r in part) if len(ring) >= 4] for part in parts]
    return [polygon for polygon in polygons if polygon]


def area_and_centre(ring: Ring) -> tuple[float, float, float]:
    """Planar area in square degrees and the centroid of a ring."""
    area = cx = cy = 0.0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x0 * y1 - x1 * y0
        area, cx, cy = area + cross, cx + (x0 + x1) * cross, cy + (y0 + y1) * cross
    if area == 0:
        return 0.0, ring[0][0], ring[0][1]
    return abs(area / 2), cx / (3 * area), cy / (3 * area)


def code_of(geometry: dict[str, Any]) -> str | None:
    """ISO 3166-1 alpha-2 code of a country of the atlas, None where it has none."""
    if "id" not in geometry:
        return UNNUMBERED.get(geometry["properties"]["name"])
    aliases: list[str] = get_global("territory_aliases")[geometry["id"]]
    return aliases[0]


def outlines(path: Path) -> dict[str, list[list[Ring]]]:
    """Polygons by country code; overseas parts with a code of their own are told apart by where they lie."""
    topology = json.loads(path.read_text())
    arcs = arcs_of(topology)
    found: dict[str, list[list[Ring]]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = code_of(geometry)
        if code is None:
            continue
        for polygon in polygons_of(geometry, arcs):
            _, x, y = area_and_centre(polygon[0])
            owner = {("FR", True): "GF", ("NO", True): "SJ"}.get(
                (code, (code == "FR" and x < -40) or (code == "NO" and y > 74)), code
            )
            found.setdefault(owner, []).append(polygon)
    return found


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("coarse", type=Path, help="countries-110m.json")
    parser.add_argument("fine", type=Path, help="countries-50m.json")
    arguments = parser.parse_args()
    coarse, fine = outlines(arguments.coarse), outlines(arguments.fine)
    names = Locale("en").territories
    features, missing = [], []
    for code in sorted((set(coarse) | set(fine) | set(DOTS) | set(SUPPORTED_REGIONS)) - {"001"}):
        largest = max((area_and_centre(p[0]) for p in fine.get(code, coarse.get(code, []))), default=None)
        dot = DOTS.get(code) or (largest and (round((largest[1] + 180) % 360 - 180, 1), round(largest[2], 1)))
        if dot is None:
            missing.append(code)
            continue
        shape = coarse.get(code, []) if code != "AQ" else []
        feature = {"code": code, "name": SHORT_NAMES.get(code) or names[code], "dot": dot, "polygons": shape}
        features.append(feature)
    if missing:
        raise SystemExit(f"no place known for: {' '.join(missing)}")
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    TARGET.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(
        f"{len(features)} places, {sum(bool(f['polygons']) for f in features)} outlines, "
        f"{TARGET.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
