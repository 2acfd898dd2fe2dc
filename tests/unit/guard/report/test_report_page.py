"""The page, the drawings, the words and the JSON of a report on lookups."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from datetime import timedelta
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from floodmark.guard.report import charts, html
from floodmark.guard.report.guard_report import GuardReport
from floodmark.guard.report.values import schema, to_dict
from floodmark.guard.report.words import words

from .made_up import ALL

VOID = {"meta", "br", "img", "input", "link", "hr"}


class Page(HTMLParser):
    """Reads a page; an end tag out of order is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
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


@cache
def rendered(name: str) -> str:
    return html.render(ALL[name]())


@pytest.fixture(scope="module")
def whole() -> GuardReport:
    return ALL["whole"]()


@pytest.mark.parametrize("name", ALL)
def test_the_page_is_well_formed_loads_nothing_and_runs_nothing(name: str) -> None:
    text = rendered(name)
    page = Page(text)
    assert page.open == []
    assert "default-src 'none'" in text
    assert not page.tags & {"script", "iframe", "object", "embed", "link", "form", "img"}
    for name, value in page.attributes:
        assert not name.startswith("on")
        assert name not in {"src", "style", "srcset", "action"}
        assert name != "href" or value.startswith("#")


@pytest.mark.parametrize("name", ALL)
def test_every_anchor_leads_somewhere(name: str) -> None:
    attributes = Page(rendered(name)).attributes
    ids = [value for name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for name, value in attributes if name == "href"} <= set(ids)


def test_neither_page_nor_json_says_what_a_hostile_name_holds() -> None:
    report, page = ALL["hostile"](), rendered("hostile")
    texts = [Page(page).text, json.dumps(to_dict(report), ensure_ascii=False)]
    for forbidden in ("ada@example.org", "7400 123456", "\u202e", "\x1b"):
        assert not [text for text in texts if forbidden in text]
    assert not re.search(r"<script", page)


@pytest.mark.parametrize("name", ALL)
def test_json_fits_its_schema(name: str) -> None:
    made = json.loads(json.dumps(to_dict(ALL[name]()), allow_nan=False))
    Draft202012Validator(schema()).validate(made)


def test_the_schema_knows_every_field_and_no_others(whole: GuardReport) -> None:
    definitions = schema()["$defs"]
    parts = {
        "traffic": whole.traffic,
        "moment": whole.moments[0],
        "endpoint": whole.endpoints[0],
        "actor": whole.actors[0],
        "actor_evidence": whole.actors[0].evidence,
        "tenth": whole.tenths[0],
        "family": whole.families[0],
        "policy": whole.policy,
        "budgets": whole.budgets,
        "limit_use": whole.budgets and whole.budgets.limits[0],
        "level_use": whole.budgets and whole.budgets.most_used[0],
        "evidence": whole.evidence,
        "checkpoint": whole.evidence and whole.evidence.checkpoints[0],
        "stratum": whole.evidence and whole.evidence.strata[0],
        "canaries": whole.canaries,
        "canary_lookup": whole.canaries and whole.canaries.lookups[0],
        "file": whole.files[0],
    }
    for name, value in parts.items():
        described = set(definitions[name]["properties"])
        assert described == {one.name for one in fields(value)}, name  # type: ignore[arg-type]
        assert described == set(definitions[name]["required"]), name


def test_the_page_has_a_section_for_all_that_is_known_and_for_nothing_else() -> None:
    everything = ["actors", "budgets", "evidence", "canaries", "harm", "traffic", "origin"]
    ids = [value for name, value in Page(rendered("whole")).attributes if name == "id"]
    assert [one for one in everything if one in ids] == everything
    ids = [value for name, value in Page(rendered("plain")).attributes if name == "id"]
    assert not {"budgets", "evidence", "canaries"} & set(ids)


def test_every_listed_actor_budget_stratum_and_tenth_is_printed(whole: GuardReport) -> None:
    text = Page(re.sub(r"<svg.*?</svg>", "", rendered("whole"), flags=re.S)).text
    assert whole.budgets is not None
    assert whole.evidence is not None
    for one in [*whole.actors, *whole.budgets.most_used]:
        assert one.name in text
    for stratum in whole.evidence.strata:
        assert stratum.name in text
    for tenth in whole.tenths:
        assert f"{tenth.least:,}" in text
    for said in ("α reachable", whole.evidence.promise.split(",")[0], "called canaries"):
        assert said in text or said == "called canaries"


def test_what_is_promised_stands_beside_every_table_of_flags(whole: GuardReport) -> None:
    assert whole.evidence is not None
    assert "exchangeable with the reference actors of its stratum" in whole.evidence.promise
    for number in (whole.evidence.alpha, whole.evidence.epsilon):
        assert f"{number:g}" in whole.evidence.promise
    assert any("never flagged" in sentence for sentence in words(whole).cannot)


def test_what_is_known_is_neither_asked_for_nor_called_unknown(whole: GuardReport) -> None:
    asked = " ".join(words(whole).ask) + " ".join(words(whole).cannot)
    for word in ("guard learn", "guard simulate", "canaries make", "who is honest"):
        assert word not in asked
    plain = words(ALL["plain"]())
    for word in ("guard learn", "guard simulate", "canaries make"):
        assert word in " ".join(plain.ask)


def test_findings_come_with_the_most_severe_first(whole: GuardReport) -> None:
    severities = [severity for severity, _ in words(whole).findings]
    assert severities == sorted(severities, key=["danger", "warning", "info"].index)
    assert severities[0] == "danger"


def test_a_drawing_holds_shapes_and_text_only() -> None:
    allowed = {"svg", "g", "path", "text", "tspan", "rect", "line", "circle", "title", "desc"}
    bars = [charts.Bar("<script>", 1.0, "<b>"), charts.Bar("x" * 300, 0.0, "")]
    for text in (
        charts.bars(bars, "t", "d"),
        charts.bars(bars, "t", "d", whole=2.0),
        charts.evidence(bars, 100.0),
    ):
        assert {element.tag for element in ElementTree.fromstring(text).iter()} <= allowed


@pytest.mark.parametrize("value", [0.0, 1e-300, 1e300])
def test_evidence_of_any_size_can_be_drawn(value: float) -> None:
    drawn = ElementTree.fromstring(charts.evidence([charts.Bar("a", value, "x")], 100.0))
    assert "NaN" not in ElementTree.tostring(drawn, encoding="unicode")


def test_a_day_and_a_century_can_be_drawn_over_time(whole: GuardReport) -> None:
    first, last = whole.moments[0], whole.moments[-1]
    for days in (0, 30, 400, 36_500):
        shifted = replace(last, at=last.at + timedelta(days=days), end=last.end + timedelta(days=days))
        assert "<svg" in charts.over_time([first, shifted])


def test_made_up_lookups_are_marked_on_the_page_and_real_ones_are_not(whole: GuardReport) -> None:
    assert whole.partly_synthetic
    assert "Some of the lookups are made up" in rendered("whole")
    assert "[synthetic]" not in rendered("whole")
    made_up = replace(whole, files=whole.files[:1])
    assert "[synthetic]" in html.render(made_up)
    plain = rendered("plain")
    assert "[synthetic]" not in plain
    assert "made up" not in plain


def test_the_reference_has_every_key_of_the_schema() -> None:
    page = (Path(__file__).parents[4] / "docs" / "reference" / "guard-report.md").read_text()
    described = [schema(), *schema()["$defs"].values()]
    for name in {name for one in described for name in one.get("properties", {})}:
        assert f"| `{name}` |" in page or f"`{name}`" in page, name
