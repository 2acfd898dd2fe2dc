"""Quick mode: an estimate with an interval for every count, and never a word more than the pieces allow."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from floodmark.errors import NothingToRead, UnreadableInput
from floodmark.synth import leak
from floodmark.triage import Options, Profile, quick_triage, triage

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
SCHEMA = json.loads(files("floodmark.triage").joinpath("profile.schema.json").read_text())
# Integers that are no counts of the files: places, versions, thresholds and what is known without reading.
KNOWN = re.compile(
    r"/schema_version|/unseen_rows|/runs/shortest|/runs/lengths/\d+/(low|high)|/email_domains/(floor|error)"
    r"|/dates/\d+/years/\d+/year|/files/\d+/(size|grammar/.*|\w+/\d+/offsets/\d+)"
)
# Quick mode counts these within the pieces, so their intervals bound them and estimate nothing.
BOUNDED = re.compile(r"/(duplicates|runs|email_domains)/|/distinct$|/warnings/")


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Profile]:
    """900,000 lines of numbers, about 90 pieces, and the exact profile."""
    path = tmp_path_factory.mktemp("quick") / "numbers.txt"
    leak("whatsapp-2022", 900_000, 4, path, damage=0.0)
    return path, triage([path])


@pytest.fixture(scope="module")
def estimate(numbers: tuple[Path, Profile]) -> Callable[[int], Profile]:
    """The quick profile of the numbers with a seed."""
    return cache(lambda seed: quick_triage([numbers[0]], seed=seed, pieces=40, clock=lambda: NOON))


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Profile]:
    """A small set with dates, places and addresses, and the exact profile."""
    path = tmp_path_factory.mktemp("quick") / "people.txt"
    leak("facebook-2021-dz", 3_000, 4, path, damage=0.0)
    return path, triage([path], Options(as_of=date(2021, 4, 3)), clock=lambda: NOON)


def integers(part: Any, at: str = "") -> Iterator[tuple[str, int]]:
    """Every integer of JSON with its pointer, intervals and custody left out."""
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, inner in items:
        if at or name not in ("intervals", "custody"):
            yield from integers(inner, f"{at}/{name}")
    if isinstance(part, int) and not isinstance(part, bool):
        yield at, part


def test_every_estimate_has_an_interval_that_holds_it(estimate: Callable[[int], Profile]) -> None:
    profile = estimate(3).to_dict()
    assert [*Draft202012Validator(SCHEMA).iter_errors(json.loads(json.dumps(profile)))] == []
    counts = {at: value for at, value in integers(profile) if not KNOWN.fullmatch(at)}
    assert counts.keys() == profile["intervals"].keys()
    for at, value in counts.items():
        low, high = profile["intervals"][at]
        assert low <= value <= high, at


@pytest.mark.parametrize("seed", range(4))
def test_intervals_cover_what_an_exact_triage_counts(
    numbers: tuple[Path, Profile], estimate: Callable[[int], Profile], seed: int
) -> None:
    exact, quick = numbers[1], estimate(seed)
    assert quick.unseen_rows > 0
    low, high = quick.intervals["/rows"]
    assert low <= exact.rows <= high
    truth = {c.country: c.phones for c in exact.countries}
    outside = 0
    for i, country in enumerate(quick.countries):
        low, high = quick.intervals[f"/countries/{i}/phones"]
        outside += not low <= truth[country.country] <= high
    assert outside <= 3  # each holds with 95 %, and there are about twenty
    for kind, stated in ((one.kind, one) for one in exact.identifiers):
        place = next(i for i, one in enumerate(quick.identifiers) if one.kind == kind)
        low, high = quick.intervals[f"/identifiers/{place}/distinct"]
        assert low <= stated.distinct <= high


def test_a_file_of_which_every_piece_was_read_is_counted_exactly(people: tuple[Path, Profile]) -> None:
    path, exact = people
    quick = quick_triage([path], Options(as_of=date(2021, 4, 3)), seed=1, clock=lambda: NOON)
    assert quick.unseen_rows == 0
    found, truth = dict(integers(quick.to_dict())), dict(integers(exact.to_dict()))
    assert {at: n for at, n in found.items() if not at.startswith("/warnings")} == {
        at: n for at, n in truth.items() if not at.startswith("/warnings")
    }
    for at, (low, high) in quick.intervals.items():
        assert BOUNDED.search(at) or low == high == found[at], at


def test_the_same_seed_draws_the_same_pieces(
    numbers: tuple[Path, Profile], estimate: Callable[[int], Profile]
) -> None:
    first, other = estimate(3).to_dict(), estimate(2).to_dict()
    again = quick_triage([numbers[0]], seed=3, pieces=40, clock=lambda: NOON).to_dict()
    assert first == again
    assert first["countries"] != other["countries"]
    assert first["custody"]["options"]["quick"]["seed"] == 3
    assert first["files"][0]["sha256"] is None


def test_a_seed_is_drawn_and_kept_where_none_is_given(tmp_path: Path) -> None:
    (tmp_path / "few.txt").write_text("".join(f"+2010{10_000_000 + n}\n" for n in range(50)))
    seeds = {quick_triage([tmp_path / "few.txt"]).custody["options"]["quick"]["seed"] for _ in range(2)}
    assert len(seeds) == 2


def test_what_was_never_read_is_said_on_the_first_screen(
    numbers: tuple[Path, Profile], estimate: Callable[[int], Profile]
) -> None:
    quick = estimate(3)
    assert any(f"{quick.unseen_rows:,} rows" in sentence for sentence in quick.summary.cannot_say)
    assert numbers[1].unseen_rows == 0


def test_compressed_text_is_refused_with_a_hint(people: tuple[Path, Profile], tmp_path: Path) -> None:
    (tmp_path / "people.txt.gz").write_bytes(gzip.compress(people[0].read_bytes()))
    with pytest.raises(UnreadableInput) as caught:
        quick_triage([tmp_path / "people.txt.gz"])
    assert "--exact" in caught.value.hint


def test_one_of_several_files_that_cannot_be_sampled_is_reported(
    people: tuple[Path, Profile], tmp_path: Path
) -> None:
    (tmp_path / "people.txt.gz").write_bytes(gzip.compress(people[0].read_bytes()))
    quick = quick_triage([people[0], tmp_path / "people.txt.gz"], seed=1)
    assert quick.rows == 3_000
    assert [file.problem is None for file in quick.files] == [True, False]


def test_a_file_without_records_is_nothing_to_read(tmp_path: Path) -> None:
    (tmp_path / "blank.txt").write_text("\n\n\n")
    with pytest.raises(NothingToRead):
        quick_triage([tmp_path / "blank.txt"])
