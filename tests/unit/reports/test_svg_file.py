"""Drawings as files: coloured without a style, and holding nothing but shapes and text."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from floodmark.reports.svg import INKS
from floodmark.reports.svg_file import svg_file
from floodmark.reports.upset import upset

PALETTE = {ink: f"#00{number:02x}ff" for number, ink in enumerate(INKS)}
EVIL = '<script>alert(1)</script>" onload="a()'


@pytest.fixture(scope="module")
def drawing():
    return upset(
        ["one", EVIL], [({0, 1}, 5), ({1}, 1234)], "A title", f"{EVIL} & more", write=lambda n: f"{n:_}"
    )


def test_every_colour_is_one_of_the_palette(drawing):
    found = svg_file(drawing, PALETTE)
    painted = set(re.findall(r'(?:fill|stroke)="([^"]*)"', found))
    assert painted <= {*PALETTE.values(), "none"}
    assert PALETTE["mark"] in painted
    assert "class=" not in found


def test_a_file_stands_alone_and_says_how_large_it_is(drawing):
    root = ElementTree.fromstring(svg_file(drawing, PALETTE))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    _, _, width, height = root.get("viewBox").split()
    assert (root.get("width"), root.get("height"), root.get("font-family")) == (width, height, "sans-serif")
    assert root.find("{http://www.w3.org/2000/svg}title").text == "A title"


def test_words_stay_words(drawing):
    root = ElementTree.fromstring(svg_file(drawing, PALETTE))
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        "svg", "g", "path", "text", "tspan", "rect", "line", "circle", "title", "desc",
    }  # fmt: skip
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert root.find("{http://www.w3.org/2000/svg}desc").text == f"{EVIL} & more"


def test_numbers_are_written_as_the_page_writes_them(drawing):
    assert "1_234" in svg_file(drawing, PALETTE)


def test_an_ink_without_a_colour_is_not_left_out_in_silence(drawing):
    with pytest.raises(KeyError):
        svg_file(drawing, {})
