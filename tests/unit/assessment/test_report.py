"""The page, the chart and the tables of an overlap."""

import csv
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from floodmark.assessment.overlap import Overlap, overlap
from floodmark.assessment.report import charts, html, sentences, tables

from .memory import leak, people

VOID = {"meta", "br", "img", "input", "link", "hr"}


class Page(HTMLParser):
    """Reads a page; an end tag out of order is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@pytest.fixture(params=["two", "six"])
def any_overlap(request: pytest.FixtureRequest) -> Overlap:
    found: Overlap = request.getfixturevalue(request.param)
    return found


def test_the_page_is_well_formed_loads_nothing_and_runs_nothing(any_overlap: Overlap) -> None:
    text = html.render(any_overlap)
    page = Page(text)
    assert page.open == []
    assert "default-src 'none'" in text
    assert not page.tags & {"script", "iframe", "object", "embed", "link", "form", "img"}
    for name, value in page.attributes:
        assert not name.startswith("on")
        assert name not in {"src", "style", "srcset", "action"}
        assert name != "href" or value.startswith("#")


def test_every_anchor_leads_somewhere(any_overlap: Overlap) -> None:
    attributes = Page(html.render(any_overlap)).attributes
    ids = [value for name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for name, value in attributes if name == "href"} <= set(ids)


def test_every_count_stands_in_the_tables_of_the_page(any_overlap: Overlap) -> None:
    text = re.sub(r"<svg.*?</svg>", "", html.render(any_overlap), flags=re.S)
    for kind in any_overlap.kinds:
        assert f">{kind.union:,}<" in text
        for one in [*kind.leaks, *kind.patterns]:
            assert f'<td class="n">{one.identifiers:,}</td>' in text
        for pair in kind.pairs:
            assert f'<td class="n">{pair.shared:,}</td>' in text
            for agreement in pair.agreement if pair.shared else []:
                assert f'<td class="n">{agreement.both:,}</td><td class="n">{agreement.equal:,}</td>' in text


def test_pages_tables_and_sentences_mark_what_is_made_up(two: Overlap, six: Overlap) -> None:
    assert "Synthetic data." in html.render(two)
    mixed = Page(html.render(six)).text
    assert "Synthetic data." not in mixed
    assert "SYNTHETIC DATA among real: first-2019, copy-2021" in mixed
    assert "first-2019 (synthetic)" in mixed and "copy-2020 (synthetic)" not in mixed
    real = overlap([leak("a", {1: (1, 1)}, synthetic=False), leak("b", {1: (1, 1)}, synthetic=False)])
    assert "ynthetic" not in Page(html.render(real)).text
    assert sentences.synthetic_note(real) == ""


def test_the_page_says_what_it_counts_and_that_overlap_is_not_recycling(any_overlap: Overlap) -> None:
    text = Page(html.render(any_overlap)).text
    assert "Every number counts distinct identifiers" in text
    assert "Overlap alone says nothing of recycling" in text


def test_markup_in_a_name_is_shown_and_never_obeyed(two: Overlap) -> None:
    kind = two.kinds[0]
    evil = '<script>alert(1)</script>"'
    leaks = [replace(one, slug=evil) if one.slug == "old" else one for one in kind.leaks]
    pairs = [replace(kind.pairs[0], a=evil)]
    patterns = [
        replace(one, leaks=[evil if slug == "old" else slug for slug in one.leaks]) for one in kind.patterns
    ]
    hostile = replace(
        two,
        leaks=[evil, "new"],
        synthetic=[evil],
        kinds=[replace(kind, leaks=leaks, pairs=pairs, patterns=patterns, patterns_of=[evil, "new"])],
    )
    page = html.render(hostile)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_same_overlap_gives_the_same_page(two: Overlap) -> None:
    assert html.render(two) == html.render(two)


def test_copies_are_named_first_and_unrelated_values_after_them(six: Overlap) -> None:
    suggested = [suggests for suggests, _, _ in sentences.findings(six)]
    assert suggested == sorted(suggested, key=sentences.ORDER.index)
    assert suggested[0] == "copied" and suggested[-1] == "unrelated-values"


def test_limits_are_said_where_they_hold() -> None:
    many = overlap([leak(f"leak-{n:02}", {1: (1, 1), 100 + n: (1, 1)}) for n in range(13)])
    assert any("12 largest" in note and "all 13" in note for note in sentences.notes(many))
    lonely = overlap([leak("a", {1: (1, 1)}), leak("b", {1: (1, 1)}, kind="email")])
    assert sum("nothing to compare" in note for note in sentences.notes(lonely)) == 2


def test_the_chart_draws_a_row_for_each_pattern_a_dot_for_each_leak_and_a_line_between() -> None:
    rng = np.random.default_rng(5)
    first = people(rng, 90)
    some = dict([*first.items()][:40])
    kind = overlap([leak("a", first), leak("b", some), leak("c", some | people(rng, 5))]).kinds[0]
    drawing = charts.membership(kind)
    assert [one.leaks for one in kind.patterns] == [["a"], ["a", "c", "b"], ["c"]]
    root = ElementTree.fromstring(drawing)
    words = ["".join(element.itertext()) for element in root.iter("text")]
    assert {"a", "b", "c", "50", "40", "5"} <= set(words)
    marks = [element.get("class") or "" for element in root.iter() if element.tag in {"path", "circle"}]
    assert sum(mark.startswith("f-text") for mark in marks) == 5
    assert sum(mark.startswith("f-grid") for mark in marks) == 4


def test_the_tables_are_complete_and_a_row_says_when_it_is_made_up(six: Overlap, tmp_path: Path) -> None:
    written = {
        path.stem: [*csv.DictReader(path.read_text().splitlines())]
        for path in tables.write(six, tmp_path / "t")
    }
    assert set(written) == {
        "overlap_leaks",
        "overlap_pairs",
        "overlap_patterns",
        "overlap_agreement",
        "overlap_fields",
    }
    phone = six.kinds[0]
    leaks = [row for row in written["overlap_leaks"] if row["kind"] == "phone"]
    assert {row["leak"]: int(row["identifiers"]) for row in leaks} == {
        one.slug: one.identifiers for one in phone.leaks
    }
    assert {row["leak"] for row in leaks if row["synthetic"] == "False"} == {"copy-2020"}
    assert len([row for row in written["overlap_pairs"] if row["kind"] == "phone"]) == 15
    patterns = [row for row in written["overlap_patterns"] if row["kind"] == "phone"]
    assert (
        sum(int(row["identifiers"]) for row in patterns[:-1])
        == int(patterns[-1]["identifiers"])
        == phone.union
    )
    assert all(row["synthetic"] in {"True", "False"} for rows in written.values() for row in rows)


def test_shares_of_intervals_keep_apart_from_all_and_nothing() -> None:
    assert html._interval(0.9999, 1.0) == "99.99 % to 100 %"
    assert html._interval(0.0, 0.00012) == "0 % to 0.012 %"
