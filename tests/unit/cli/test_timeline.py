"""`floodmark timeline` on the statements that come with the program and on those of a workspace."""

from __future__ import annotations

import csv
import json

import pytest
from jsonschema import Draft202012Validator

from floodmark.assessment import reference
from floodmark.assessment.timeline_values import schema

from .in_place import Place


class Told(Place):
    """A place in which statements are recorded."""

    def add(self, *args: str) -> None:
        done = self.run("statement", "add", "outage", *args, "--source", "Seen by monitoring")
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    made = Told(tmp_path_factory.mktemp("timeline"))
    company = ("--by", "company", "--speaker", "Acme Ltd")
    made.add(
        *("--incident", "Acme is down", "--kind", "outage-notice", *company, "--said", "2024-03-05"),
        *("--text", "A technical issue.", "--assert", "fault"),
    )
    made.add(
        *("--kind", "attack-claim", "--by", "claimed-attacker", "--speaker", "a group"),
        *("--said", "2024-03", "--text", "It was us.", "--assert", "attack-by=a group"),
    )
    made.add(
        *("--kind", "confirmation", *company, "--said", "2024-04-02", "--known", "2024-05"),
        *("--text", "Data was copied.", "--assert", "breach"),
    )
    return made


def test_everything_that_is_known_is_shown_by_incident(place: Place) -> None:
    done = place.run("timeline")
    assert done.returncode == 0, done.stderr
    for one in reference.incidents():
        assert f"({one.slug})" in done.stdout
    assert "ACME IS DOWN (outage)" in done.stdout
    assert "contradiction" in done.stderr


def test_the_timeline_of_an_incident_has_its_statements_in_order_and_what_disagrees(place: Place) -> None:
    shown = place.run("timeline", "outage").stdout
    order = ["2024-03     [1]", "2024-03-05  [2]", "2024-04-02  [3]", "2024-05     [3] became known"]
    places = [shown.find(each) for each in order]
    assert -1 not in places
    assert places == sorted(places)
    assert "a technical fault or an error: contradicted" in shown
    assert "What happened?" in shown
    assert "Acme Ltd, 2024-04-02 [3]" in shown


def test_without_the_reference_set_only_the_workspace_is_shown(place: Place) -> None:
    made = json.loads(place.run("timeline", "--no-reference", "-o", "json").stdout)
    assert [one["about"] for one in made["timelines"]] == ["outage"]
    assert place.run("timeline", "facebook-2021", "--no-reference").returncode == 1


def test_json_fits_its_schema(place: Place) -> None:
    done = place.run("timeline", "-o", "json")
    made = json.loads(done.stdout)
    Draft202012Validator(schema()).validate(made)
    known = {one.id for one in reference.statements()} | {"1", "2", "3"}
    assert {said["id"] for one in made["timelines"] for said in one["statements"]} == known
    assert done.stderr == ""


def test_a_span_and_a_kind_of_speaker_narrow_it_and_numbers_stay(place: Place) -> None:
    made = json.loads(
        place.run("timeline", "outage", "--by", "company", "--from", "2024-04", "-o", "json").stdout
    )
    (one,) = made["timelines"]
    assert [said["number"] for said in one["statements"]] == [3]
    assert one["contradictions"]
    nothing = place.run("timeline", "outage", "--to", "2023")
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "other dates" in nothing.stderr


def test_it_is_written_as_a_page_and_as_tables(place: Place) -> None:
    done = place.run("timeline", "outage", "--html", "page.html", "--csv", "tables")
    assert done.returncode == 0, done.stderr
    assert "Acme is down" in (place.folder / "page.html").read_text()
    with (place.folder / "tables" / "timeline_statements.csv").open(newline="") as file:
        assert [row["number"] for row in csv.DictReader(file)] == ["1", "2", "3"]


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_lines_are_no_wider_than_the_terminal(place: Place, columns: int) -> None:
    done = place.run("timeline", columns=columns)
    assert max(map(len, done.stdout.splitlines())) <= columns


@pytest.mark.parametrize(
    ("args", "code", "slug"),
    [
        (("outrage",), 1, "incident-not-found"),
        (("--from", "last year"), 2, "usage"),
        (("--to", "2021-02-30"), 2, "usage"),
        (("--from", "2022", "--to", "2021-12-31"), 2, "usage"),
        (("--html", "-"), 2, "usage"),
        (("--csv", "-"), 2, "usage"),
        (("--html", "no/such/folder.html"), 1, "output-failed"),
        (("--csv", "page.html"), 1, "output-failed"),
    ],
)
def test_what_cannot_be_done_is_said(place: Place, args: tuple[str, ...], code: int, slug: str) -> None:
    (place.folder / "page.html").touch()
    done = place.run("timeline", *args)
    assert (done.returncode, done.stdout) == (code, "")
    assert f"error ({slug})" in done.stderr


def test_a_slug_that_is_nearly_right_is_helped(place: Place) -> None:
    assert "Did you mean outage or " in place.run("timeline", "outage-").stderr
