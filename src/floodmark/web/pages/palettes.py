"""The colours of charts, which are those of the pages' style sheet, light and dark.

>>> sorted(palettes()), palettes()["light"]["mark"] != palettes()["dark"]["mark"]
(['dark', 'light'], True)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from floodmark.reports.svg import INKS

_ROOT = re.compile(r":root\s*\{([^}]*)\}")
_VARIABLE = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")
_OTHER = re.compile(r"var\(--([a-z0-9-]+)\)")


@cache
def palettes() -> Mapping[str, Mapping[str, str]]:
    """A colour for each of `svg.INKS`, by theme: `light`, `dark`."""
    sheet = files("floodmark.web").joinpath("static", "floodmark.css").read_text("utf-8")
    # The first block is the light theme, the second says what is otherwise in the dark one.
    blocks = [dict(_VARIABLE.findall(block)) for block in _ROOT.findall(sheet)[:2]]
    light, dark = blocks[0], blocks[0] | blocks[1]
    return {
        theme: {ink: _colour(ink, names) for ink in INKS}
        for theme, names in (("light", light), ("dark", dark))
    }


def _colour(name: str, names: Mapping[str, str]) -> str:
    value = names[name].strip()
    other = _OTHER.fullmatch(value)
    return _colour(other[1], names) if other else value
