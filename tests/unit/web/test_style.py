"""Every text of the pages can be read against what it stands on (WCAG 2.2, 1.4.3 and 1.4.11), light and dark."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from floodmark.web.pages.rendering import static_address
from floodmark.web.pages.static import router

from .pages.asking import asked

STYLE = asked(router(), static_address("floodmark.css")).text
TEXTS = [
    *[(text, ground) for text in ("text", "muted", "link", "brand") for ground in ("page", "paper", "sunk")],
    *[(kind, f"{kind}-wash") for kind in ("good", "warn", "bad", "info")],
    *[(text, f"{kind}-wash") for text in ("text", "link") for kind in ("good", "warn", "bad", "info")],
    *[(kind, "paper") for kind in ("good", "bad", "warn")],
    ("on-action", "action"),
    ("on-action", "action-over"),
]
EDGES = [(edge, ground) for edge in ("edge", "focus", "bad", "action") for ground in ("page", "paper")]


def schemes() -> dict[str, dict[str, str]]:
    """The colours of both schemes by name."""
    light, dark = [
        dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\n ?\}", STYLE, re.DOTALL)[:2]
    ]
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground", "least"), [*[(*pair, 4.5) for pair in TEXTS], *[(*pair, 3.0) for pair in EDGES]]
)
def test_ink_stands_out_from_its_ground(ink, ground, least, scheme):
    colours = schemes()[scheme]
    assert contrast(colours[ink], colours[ground]) >= least


def test_contrast_is_that_of_the_guideline():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_style_loads_nothing():
    assert not re.search(r"url\(|@import|@font-face|https?:", STYLE)


def test_every_class_that_the_head_of_the_style_tells_of_is_there():
    told, rules = STYLE.split("*/", 1)
    names = set(chain.from_iterable(re.findall(r"\.([a-z-]+)", line) for line in told.splitlines()))
    assert names - {"…"} <= set(re.findall(r"\.([a-z-]+)", rules))
