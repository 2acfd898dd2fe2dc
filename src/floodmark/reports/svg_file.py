"""A drawing as an SVG file of its own, with colours in it: for a page that loads it as a picture.

    >>> print(svg_file('<svg viewBox="0 0 2 1"><path d="M0,0" class="f-mark s-none" /></svg>', {"mark": "#1f7386"}))
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1" width="2" height="1" font-family="sans-serif">\
<path d="M0,0" fill="#1f7386" stroke="none" /></svg>

A picture is not reached by the style sheet of its page, and a strict page lets no style stand within it, so that
colours are attributes here. Text in an SVG file is text: whoever opens it by itself can read, select and search it.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree

_PAINTS = {"f": "fill", "s": "stroke"}


def svg_file(drawing: str, palette: Mapping[str, str]) -> str:
    """The text of a file.

    Args:
        drawing: made by `svg.draw`.
        palette: a colour for every one of `svg.INKS` that is used.

    Raises:
        KeyError: an ink has no colour.
    """
    root = ElementTree.fromstring(drawing)  # noqa: S314 - made by `svg.draw`
    for element in root.iter():
        for paint in element.attrib.pop("class", "").split():
            letter, _, ink = paint.partition("-")
            element.set(_PAINTS[letter], "none" if ink == "none" else palette[ink])
    _, _, width, height = root.get("viewBox", "").split()
    attributes = {"xmlns": "http://www.w3.org/2000/svg", **root.attrib, "width": width, "height": height}
    root.attrib.clear()
    root.attrib.update(attributes | {"font-family": "sans-serif"})
    return ElementTree.tostring(root, encoding="unicode")
