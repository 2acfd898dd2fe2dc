"""Altair charts as inline SVG that holds shapes and text only, coloured by the page's style sheet.

Charts are drawn with stand-in colours (`ink("text")`), which become classes here: one drawing then serves
the light page, the dark page and print. Elements and attributes that are not on the lists below are dropped,
so no script, link, style or foreign object can reach the page whatever a label says.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import altair
import vl_convert

INKS = (
    "text", "muted", "grid", "paper", "land", "mark", "soft", "accent", "danger", "warning",
    "accepted", "repaired", "quarantined", "skipped",
    "level0", "level1", "level2", "level3", "level4", "level5",
)  # fmt: skip
_STAND_IN = {name: f"#0102{number:02x}" for number, name in enumerate(INKS)}
_INK_OF = {colour: name for name, colour in _STAND_IN.items()}
_ELEMENTS = {"svg", "g", "path", "text", "tspan", "rect", "line", "circle"}
_ATTRIBUTES = {
    "d", "transform", "x", "y", "x1", "x2", "y1", "y2", "dx", "dy", "cx", "cy", "r", "width", "height",
    "viewBox", "text-anchor", "font-size", "font-weight", "stroke-width", "stroke-dasharray", "opacity",
}  # fmt: skip
_SVG = "http://www.w3.org/2000/svg"
_DECIMALS = re.compile(r"(\.\d)\d+")


def ink(name: str) -> str:
    """The stand-in colour of one of `INKS`."""
    return _STAND_IN[name]


def chart_of(records: list[dict[str, Any]]) -> altair.Chart:
    """An empty chart over records that travel inside the specification; nothing is ever fetched."""
    return altair.Chart(altair.InlineData(values=records))


def config() -> dict[str, Any]:
    """Look of every chart: generic sans-serif, quiet axes, no frame and no background."""
    axis = {
        "labelColor": ink("text"), "titleColor": ink("muted"), "gridColor": ink("grid"),
        "domainColor": ink("grid"), "tickColor": ink("grid"), "labelFontSize": 13, "titleFontSize": 13,
        "titleFontWeight": "normal", "labelLimit": 150, "labelPadding": 5,
    }  # fmt: skip
    return {
        "font": "sans-serif",
        "background": None,
        "view": {"stroke": None},
        "axis": axis,
        "text": {"color": ink("text"), "fontSize": 13},
        "padding": {"left": 2, "right": 8, "top": 4, "bottom": 2},
    }


def draw(chart: altair.TopLevelMixin, title: str, description: str, least: int = 352) -> str:
    """The chart as an SVG element with a title and a description for those who cannot see it.

    Args:
        chart: a chart whose colours are all stand-ins.
        title: what the chart is, in a few words.
        description: what it shows, in a sentence; the numbers stand in a table beside it.
        least: width of the drawing at least, so that text comes out equally large in all charts of a page.
    """
    specification = chart.to_dict() | {"config": config()}
    drawn = vl_convert.vegalite_to_svg(specification, vl_version="6.4", allowed_base_urls=[])
    root = _clean(ElementTree.fromstring(drawn))  # noqa: S314 - written by the line above
    width, height = (float(root.attrib.pop(side)) for side in ("width", "height"))
    root.set("viewBox", f"0 0 {max(width, least):.0f} {height:.0f}")
    root.set("role", "img")
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(tag)
        element.text = text
        root.insert(place, element)
    return ElementTree.tostring(root, encoding="unicode")


def _clean(element: ElementTree.Element) -> ElementTree.Element:
    """A copy with listed elements and attributes only, without namespaces, colours as classes."""
    kept = ElementTree.Element(element.tag.removeprefix(f"{{{_SVG}}}"))
    kept.text = element.text
    for name, value in element.attrib.items():
        if name in _ATTRIBUTES:
            kept.set(name, _DECIMALS.sub(r"\1", value))
    classes = [f"{letter}-{_colour(element.get(name))}" for letter, name in (("f", "fill"), ("s", "stroke"))
               if _colour(element.get(name))]  # fmt: skip
    if classes:
        kept.set("class", " ".join(classes))
    for child in element:
        if child.tag.removeprefix(f"{{{_SVG}}}") in _ELEMENTS:
            kept.append(_clean(child))
    return kept


def _colour(value: str | None) -> str | None:
    """The ink of a stand-in, `none` for what paints nothing, None where the attribute is absent."""
    return None if value is None else _INK_OF.get(value.lower(), "none")
