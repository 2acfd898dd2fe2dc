"""The page, the drawing, the tables and the JSON form of timelines."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from floodmark.assessment.contradictions import contradictions
from floodmark.assessment.evidence.evidence import EFFECTS, STATES
from floodmark.assessment.report import timeline_chart, timeline_html, timeline_tables
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.kinds import SPEAKER_KINDS
from floodmark.assessment.timeline import Timeline, narrowed, timelines
from floodmark.assessment.timeline_values import schema, to_dict
from floodmark.reports.csv_tables import text_of
from floodmark.reports.svg import INKS

from .sayings import many, saying
from .test_report import Page

HOSTILE = '"><script>alert(1)</script>\u202e\x1b[31m=cmd()'


def shown(count: int, seed: int = 1) -> tuple[Timeline, ...]:
    first, tested = many(count, seed=seed)
    second = [
        saying(id="900", about="other", said_on="2024-03-05", kind="outage-notice", speaker_kind="company")
    ]
    said = [*first, *second]
    return timelines(
        said, tested, contradictions(said), titles={"acme": "Customers of Acme", "other": "An outage"}
    )


def hostile() -> tuple[Timeline, ...]:
    said = [
        saying(
            id=str(place), speaker=HOSTILE, text=HOSTILE, source=HOSTILE, source_url="javascript:alert(1)",
            assertions=(Assertion(kind="attack-by", who=who + HOSTILE, scope=HOSTILE, quote=HOSTILE),),
        )
        for place, who in enumerate(["one ", "another "], 1)
    ]  # fmt: skip
    return timelines(said, (), contradictions(said), titles={"acme": HOSTILE})


@pytest.fixture(scope="module", params=["two", "sixty", "hostile"])
def found(request: pytest.FixtureRequest) -> tuple[Timeline, ...]:
    return {"two": shown(2), "sixty": shown(60), "hostile": hostile()}[request.param]


def test_the_page_is_well_formed_loads_nothing_and_runs_nothing(found: tuple[Timeline, ...]) -> None:
    text = timeline_html.render(found)
    page = Page(text)
    assert page.open == []
    assert "default-src 'none'" in text
    assert not page.tags & {"script", "iframe", "object", "embed", "link", "form", "img"}
    for name, value in page.attributes:
        assert not name.startswith("on")
        assert name not in {"src", "style", "srcset", "action"}
        assert name != "href" or value.startswith(("#", "https://acme.example/"))


def test_every_anchor_leads_somewhere(found: tuple[Timeline, ...]) -> None:
    attributes = Page(timeline_html.render(found)).attributes
    ids = [value for name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    anchors = {value[1:] for name, value in attributes if name == "href" and value.startswith("#")}
    assert anchors <= set(ids)


def test_the_page_says_everything_that_was_said(found: tuple[Timeline, ...]) -> None:
    text = Page(re.sub(r"<svg.*?</svg>", "", timeline_html.render(found), flags=re.S)).text
    statements = sum(len(one.entries) for one in found)
    assert text.count("Statement ") == statements
    for one in found:
        for against in one.contradictions:
            assert against.sides[0].words.split("\u202e")[0] in text
    states = [tested.state for one in found for entry in one.entries for tested in entry.tested]
    for state in STATES:
        marked = f"{timeline_html.MARKS[state]} {timeline_html.STATES[state]}"
        assert text.count(marked) == states.count(state)


def test_a_part_of_a_timeline_links_only_what_it_shows() -> None:
    part = narrowed(shown(60), by=["company"])
    attributes = Page(timeline_html.render(part)).attributes
    ids = {value for name, value in attributes if name == "id"}
    assert {value[1:] for name, value in attributes if name == "href" and value.startswith("#")} <= ids


def test_all_effects_states_speakers_and_their_colours_have_a_name() -> None:
    assert set(timeline_html.EFFECTS) == set(EFFECTS)
    assert set(timeline_html.STATES) == set(timeline_html.MARKS) == set(STATES)
    assert set(timeline_chart.INKS) == set(SPEAKER_KINDS)
    assert set(timeline_chart.INKS.values()) <= set(INKS)
    assert len(set(timeline_chart.INKS.values())) == len(SPEAKER_KINDS)


@pytest.mark.parametrize("form", [timeline_chart.WIDE, timeline_chart.NARROW], ids=["wide", "narrow"])
def test_every_statement_is_drawn_once_within_the_drawing(form: timeline_chart.Format) -> None:
    one = shown(60)[0]
    drawn = ElementTree.fromstring(timeline_chart.drawing(one, form))
    texts = ["".join(text.itertext()) for text in drawn.iter("text")]
    for entry in one.entries:
        assert texts.count(str(entry.number)) == 1
    for kind in {entry.statement.speaker_kind for entry in one.entries}:
        assert kind.replace("-", " ") in texts
    _, _, wide, _ = (float(part) for part in drawn.get("viewBox", "").split())
    assert wide <= form.width + 12


def test_more_statements_than_can_be_numbered_are_drawn_small() -> None:
    said, _ = many(timeline_chart.MOST_NUMBERED + 1)
    (one,) = timelines(said, titles={})
    drawn = ElementTree.fromstring(timeline_chart.drawing(one))
    assert "57" not in ["".join(text.itertext()) for text in drawn.iter("text")]


def test_a_drawing_holds_shapes_and_text_only() -> None:
    for one in hostile():
        drawn = ElementTree.fromstring(timeline_chart.drawing(one))
        allowed = {"svg", "g", "path", "text", "tspan", "rect", "line", "circle", "title", "desc"}
        assert {element.tag for element in drawn.iter()} <= allowed
    assert "<script" not in timeline_chart.overview(hostile())


def test_tables_have_a_row_for_each_statement_assertion_result_and_side(found: tuple[Timeline, ...]) -> None:
    tables = timeline_tables.tables(found)
    entries = [entry for one in found for entry in one.entries]
    tested = [each for entry in entries for each in entry.tested]
    assert len(tables["timeline_statements"]) == 1 + len(entries)
    assert len(tables["timeline_assertions"]) == 1 + len(tested)
    assert len(tables["timeline_evidence"]) == 1 + sum(len(each.evidence) for each in tested)
    sides = [side for one in found for against in one.contradictions for side in against.sides]
    assert len(tables["timeline_contradictions"]) == 1 + sum(len(side.said) for side in sides)
    for rows in tables.values():
        assert {len(row) for row in rows} == {len(rows[0])}
        for row in csv.reader(io.StringIO(text_of(rows))):
            assert not any(cell.startswith(("=", "+", "@")) for cell in row)


def test_files_are_written_whole(tmp_path: Path) -> None:
    found = shown(4)
    timeline_html.write(found, tmp_path / "page.html")
    written = timeline_tables.write(found, tmp_path / "tables")
    assert (tmp_path / "page.html").read_text() == timeline_html.render(found)
    assert [path.name for path in written] == [f"{name}.csv" for name in timeline_tables.tables(found)]


def test_json_fits_its_schema_and_says_everything(found: tuple[Timeline, ...]) -> None:
    made = json.loads(json.dumps(to_dict(found)))
    Draft202012Validator(schema()).validate(made)
    for one, values in zip(found, made["timelines"], strict=True):
        assert [said["id"] for said in values["statements"]] == [entry.statement.id for entry in one.entries]
        assert [against["words"] for against in values["contradictions"]] == [
            a.words for a in one.contradictions
        ]
        for entry, said in zip(one.entries, values["statements"], strict=True):
            assert [each["state"] for each in said["assertions"]] == [tested.state for tested in entry.tested]


def test_a_single_statement_needs_no_drawing_of_its_own() -> None:
    one, two = (Page(timeline_html.render(timelines(many(count)[0], titles={}))) for count in (1, 2))
    assert "svg" not in one.tags
    assert "svg" in two.tags


def test_a_made_up_leak_is_marked() -> None:
    said, _ = many(2)
    other = [saying(id="9", about="other")]
    mixed = timeline_html.render(timelines([*said, *other], titles={}, synthetic={"acme"}))
    assert "(synthetic: made up)" in mixed
    assert "[synthetic]" not in mixed
    assert "[synthetic]" in timeline_html.render(timelines(said, titles={}, synthetic={"acme"}))


def test_nothing_at_all_is_a_timeline_too() -> None:
    assert to_dict(()) == {"schema_version": 1, "timelines": []}
    assert Page(timeline_html.render(())).open == []
