"""Triage of whole twins against the truth beside them, which was counted without reading the file.

Where a twin has no damage every figure is exactly the truth's. Where it has, no undamaged line is lost, no
damaged one passes as it stands, and what repaired lines add stays within what was damaged.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from floodmark.synth import leak
from floodmark.triage import Options, Profile, triage

AS_OF = date(2021, 4, 3)
ROWS = 20_000
DAMAGED_ROWS = 10_000
TWINS = {
    "facebook-2021": ("facebook-2021", None),
    "facebook-2021, shuffled": ("facebook-2021", 11),
    "facebook-2021-csv": ("facebook-2021-csv", None),
    "facebook-2021-dz": ("facebook-2021-dz", None),
    "whatsapp-2022": ("whatsapp-2022", None),
    "combo": ("combo", None),
}
# A birth date may be one of the dates that software writes where it has none; it is then counted apart.
BIRTH_SENTINELS = {"1900-01-01", "1969-12-31", "1970-01-01", "2000-01-01"}
# By header these columns hold liked groups and pages; by cells they are free text.
ALSO = {("groups", "friend_link"), ("pages", "friend_link")}


@dataclass(frozen=True)
class Read:
    """A twin, its truth and the profile that triage made of it."""

    path: Path
    truth: dict[str, Any]
    profile: Profile

    @cached_property
    def undamaged(self) -> dict[str, Any]:
        found: dict[str, Any] = self.truth["undamaged"]
        return found

    @property
    def damaged(self) -> int:
        found: int = self.truth["lines"]["damaged"]
        return found

    @cached_property
    def types(self) -> dict[str, str]:
        """The type that triage gave, by the type that the truth states."""
        grammar = self.profile.files[0].grammar
        assert grammar is not None
        pairs = {(t["type"], c.type) for t, c in zip(self.truth["columns"], grammar.columns, strict=True)}
        assert len({truth for truth, _ in pairs}) == len(pairs), "one type of the truth was read as two"
        return dict(pairs)


def _read(folder: Path, name: str, rows: int, damage: float) -> Read:
    twin, order = TWINS[name]
    path = folder / f"{name}-{damage}.txt"
    truth = leak(twin, rows, 2021, path, damage=damage, order=order, as_of=AS_OF)
    return Read(path, truth, triage([path], Options(as_of=AS_OF)))


@pytest.fixture(scope="module", params=list(TWINS))
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Each twin without a damaged line."""
    return _read(tmp_path_factory.mktemp("whole"), request.param, ROWS, 0.0)


@pytest.fixture(scope="module", params=[name for name in TWINS if "," not in name])
def damaged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Each twin with two damaged lines in a hundred."""
    return _read(tmp_path_factory.mktemp("damaged"), request.param, DAMAGED_ROWS, 0.02)


@pytest.fixture(scope="module", params=["whole", "damaged"])
def either(request: pytest.FixtureRequest) -> Read:
    """Both of them."""
    found: Read = request.getfixturevalue(request.param)
    return found


# --- what holds of both


def _assert_it_is_marked_and_exact(read: Read) -> None:
    assert read.profile.synthetic
    assert read.profile.mode == "exact"
    assert read.profile.intervals == {}


def _assert_lines_and_bytes_partition_the_file(read: Read) -> None:
    (file,) = read.profile.files
    for shares, total in ((file.lines, read.truth["lines"]["total"]), (file.bytes, read.truth["bytes"])):
        assert shares.total == total
        assert shares.accepted + shares.repaired + shares.quarantined + shares.skipped == total
    for part, reasons in (
        ("repaired", file.repairs),
        ("quarantined", file.quarantine),
        ("skipped", file.skipped),
    ):
        assert sum(reason.lines for reason in reasons) == getattr(file.lines, part)
        assert sum(reason.bytes for reason in reasons) == getattr(file.bytes, part)
    assert file.size == read.path.stat().st_size == read.truth["file"]["bytes"]
    assert file.sha256 == read.truth["file"]["sha256"]


def _assert_the_grammar_is_the_twins(read: Read) -> None:
    truth, grammar = read.truth["grammar"], read.profile.files[0].grammar
    assert grammar is not None
    for part in ("record", "container", "delimiter", "newline", "header", "preamble"):
        assert getattr(grammar, part) == truth[part], part
    # Text that happens to be ASCII is UTF-8 as well.
    assert grammar.encoding in ("us-ascii", truth["encoding"])
    for stated, found in zip(read.truth["columns"], grammar.columns, strict=True):
        fair = {stated["type"], *stated["also"]}
        assert found.type in fair or (stated["name"], found.type) in ALSO, stated["name"]
        if truth["header"]:
            assert found.name == stated["name"]


# --- without damage


def test_a_whole_twin_is_marked_partitioned_and_read_by_its_grammar(whole: Read) -> None:
    _assert_it_is_marked_and_exact(whole)
    _assert_lines_and_bytes_partition_the_file(whole)
    _assert_the_grammar_is_the_twins(whole)


def test_every_undamaged_line_becomes_a_row_and_nothing_else_does(whole: Read) -> None:
    (file,) = whole.profile.files
    assert whole.profile.rows == file.records == whole.undamaged["rows"] == ROWS
    # A colon in a password is text of the last column, and no damage.
    assert (file.lines.accepted, file.lines.repaired, file.lines.quarantined) == (ROWS, 0, 0)
    assert file.lines.skipped == whole.truth["lines"]["mark"] + whole.truth["lines"]["header"]
    assert file.bytes.accepted + file.bytes.repaired == whole.undamaged["bytes"]


def test_identifiers_are_counted_exactly(whole: Read) -> None:
    found = {i.kind: (i.rows, i.valid, i.distinct) for i in whole.profile.identifiers}
    assert found == {
        i["kind"]: (i["rows"], i["valid"], i["distinct"]) for i in whole.undamaged["identifiers"]
    }


def test_countries_of_phones_are_counted_exactly(whole: Read) -> None:
    found = {c.country: (c.phones, c.distinct) for c in whole.profile.countries}
    assert found == {c["country"]: (c["phones"], c["distinct"]) for c in whole.undamaged["countries"]}


def test_every_column_is_filled_as_often_as_the_truth_says(whole: Read) -> None:
    grammar = whole.profile.files[0].grammar
    assert grammar is not None
    found = [column.fill_rate for column in grammar.columns]
    assert found == [round(column["filled"] / ROWS, 6) for column in whole.truth["columns"]]


def test_field_sets_are_counted_exactly(whole: Read) -> None:
    truth: Counter[frozenset[str]] = Counter()
    for one in whole.undamaged["field_sets"]:
        truth[frozenset(whole.types[label] for label in one["fields"]) - {"unknown"}] += one["rows"]
    found = {frozenset(one.fields): one.rows for one in whole.profile.field_sets}
    assert found.items() <= truth.items()
    rare = sorted(truth.values())[: len(truth) - len(found)]
    assert not rare or rare[-1] <= min(found.values())


def test_rows_by_field_type_follow_from_the_sets(whole: Read) -> None:
    truth: Counter[str] = Counter()
    for one in whole.undamaged["field_sets"]:
        truth.update(dict.fromkeys({whole.types[label] for label in one["fields"]}, one["rows"]))
    found = {field.type: field.rows for field in whole.profile.fields if field.rows}
    assert found == dict(truth)


def test_dates_have_their_ends_and_sentinels(whole: Read) -> None:
    columns = {c["name"]: c["index"] for c in whole.truth["columns"]}
    grammar = whole.profile.files[0].grammar
    assert grammar is not None
    found = {date.column: date for date in whole.profile.dates}
    assert len(found) == len(whole.undamaged["dates"])
    for stated in whole.undamaged["dates"]:
        date = found[grammar.columns[columns[stated["column"]]].name]
        assert (date.rows, date.parsed, date.ambiguous) == (stated["rows"], stated["rows"], 0)
        assert (date.earliest, date.latest) == (stated["earliest"], stated["latest"])
        placed = {one["value"]: one["rows"] for one in date.sentinels}
        if stated["sentinel_value"] is None:
            assert placed.keys() <= BIRTH_SENTINELS
        else:
            assert placed == {"0001-01-01": stated["sentinel_rows"]}
        dated = sum(placed.values()) + sum(year["rows"] for year in date.years)
        assert dated == stated["rows"] - stated["without_year"]


def test_minors_are_those_of_the_truth(whole: Read) -> None:
    found, truth = whole.profile.minors, whole.undamaged["minors"]
    assert (found is None) == (truth is None)
    if found is None:
        return
    without_year = sum(d["without_year"] for d in whole.undamaged["dates"] if d["type"] == "birth_date")
    assert found.as_of == truth["as_of"]
    assert found.rows == truth["rows"] + without_year
    assert found.minors == found.low == found.high == truth["minors"]
    (births,) = (d for d in whole.profile.dates if d.type == "birth_date")
    years = Counter({str(year["year"]): year["rows"] for year in births.years})
    for sentinel in births.sentinels:
        years[sentinel["value"][:4]] += sentinel["rows"]
    assert years == truth["years"]


def test_duplicates_are_the_lines_that_are_there_twice(whole: Read) -> None:
    lines = Counter(whole.path.read_bytes().splitlines()[whole.profile.files[0].lines.skipped :])
    found = whole.profile.duplicates
    assert (found.rows, found.distinct, found.repeats) == (ROWS, len(lines), ROWS - len(lines))
    assert found.most_copies == max(lines.values())
    assert found.repeats >= whole.undamaged["duplicates"]["repeats"]


def test_runs_are_those_of_the_truth(whole: Read) -> None:
    found, truth = whole.profile.runs, whole.undamaged["runs"]
    lengths = {int(length): runs for length, runs in truth["lengths"].items()}
    assert found.longest == truth["longest"]
    assert found.numbers == sum(length * runs for length, runs in lengths.items())
    assert found.runs == sum(runs for length, runs in lengths.items() if length >= found.shortest)


def test_email_domains_are_those_of_the_truth(whole: Read) -> None:
    found = whole.profile.email_domains
    assert {one["domain"]: one["rows"] for one in found.top} == whole.undamaged["email_domains"]
    assert (found.other_rows, found.error) == (0, 0)


def test_places_are_in_the_country_that_their_text_names(whole: Read) -> None:
    found = whole.profile.locations
    named = {one["country"]: one["rows"] for one in found.countries}
    stated = list(whole.undamaged["places"].values())
    assert sum(named.values()) + found.unknown == found.rows
    if not stated:
        assert (found.rows, named) == (0, {})
        return
    # Without a header nobody can tell a home town from a location; the first such column is counted.
    (truth,) = (places for places in stated if sum(places.values()) == found.rows)
    # A town's bare name may be borne by two countries, and a small town may be on no list.
    elsewhere = sum(max(rows - truth.get(country, 0), 0) for country, rows in named.items())
    assert elsewhere + found.unknown <= 0.001 * found.rows


# --- with damage


def test_a_damaged_twin_is_marked_partitioned_and_read_by_its_grammar(damaged: Read) -> None:
    _assert_it_is_marked_and_exact(damaged)
    _assert_lines_and_bytes_partition_the_file(damaged)
    _assert_the_grammar_is_the_twins(damaged)


def test_every_undamaged_line_is_accepted_and_no_damaged_one_as_it_stands(damaged: Read) -> None:
    (file,) = damaged.profile.files
    assert file.lines.accepted == damaged.undamaged["rows"]
    assert file.bytes.accepted == damaged.undamaged["bytes"]
    blank = sum(kind["lines"] for kind in damaged.truth["damage"] if kind["kind"] == "blank_line")
    assert next(one.lines for one in file.skipped if one.reason == "blank") == blank
    assert file.lines.repaired + file.lines.quarantined == damaged.damaged - blank
    assert file.records == damaged.profile.rows == damaged.undamaged["rows"] + file.lines.repaired


def test_bytes_that_are_no_text_are_never_repaired(damaged: Read) -> None:
    kinds = {kind["kind"]: kind["lines"] for kind in damaged.truth["damage"]}
    found = {one.reason: one.lines for one in damaged.profile.files[0].quarantine}
    assert found["invalid-utf-8-or-nul"] == kinds["invalid_utf8"] + kinds["nul_byte"]


def test_quarantine_says_where_damaged_lines_begin(damaged: Read) -> None:
    offsets = {at for kind in damaged.truth["damage"] for at in kind["offsets"]}
    for reason in damaged.profile.files[0].quarantine:
        assert set(reason.offsets) <= offsets, reason.reason


def test_repaired_lines_add_no_more_than_was_damaged(damaged: Read) -> None:
    file, undamaged = damaged.profile.files[0], damaged.undamaged
    added = damaged.profile.rows - undamaged["rows"]
    assert 0 <= added <= file.lines.repaired
    found = {i.kind: i for i in damaged.profile.identifiers}
    assert found.keys() == {i["kind"] for i in undamaged["identifiers"]}
    for stated in undamaged["identifiers"]:
        one = found[stated["kind"]]
        for part in ("rows", "valid", "distinct"):
            assert stated[part] <= getattr(one, part) <= stated[part] + added, (one.kind, part)
    lost = Counter[str]()
    for kind in damaged.truth["damage"]:
        lost.update(kind["phones"])
    truth = {c["country"]: c["phones"] for c in undamaged["countries"]}
    for country in damaged.profile.countries:
        known = truth.pop(country.country, 0)
        assert known <= country.phones <= known + lost[country.country]
    assert truth == {}
    copies = damaged.profile.duplicates
    assert undamaged["duplicates"]["distinct"] <= copies.distinct + 0.001 * copies.rows
    assert copies.rows == damaged.profile.rows
