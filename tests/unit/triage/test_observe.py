"""What one batch shows, against plain Python over the same cells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from floodmark import dumps
from floodmark.identifiers import phones
from floodmark.triage.observe import Observed, Shared, field_types, observe

ROWS = [
    ("+201012345678", "12", "a@example.org", "Cairo, Egypt", "1990-05-01", "Mona"),
    ("+201012345678", "0012", "A@EXAMPLE.org", "", "1970-01-01", "Omar"),
    ("+4915112345678", "", "", "Berlin, Germany", "", "Mona"),
    ("12", "+12", "no address", "Nowhere at all", "never", "Omar"),
    ("", "99999999999999999999", "", "", "2010-12", ""),
]
NAMES = "phone,profile_id,email,location,birth_date,first_name"


@pytest.fixture
def shared() -> Iterator[Shared]:
    """Empty spools."""
    opened = Shared.open()
    yield opened
    opened.close()


@pytest.fixture
def dump(tmp_path: Path) -> dumps.Dump:
    """A dump of six known columns."""
    lines = ["|".join(ROWS[n % 3]) for n in range(60)]
    (tmp_path / "rows.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return dumps.read(tmp_path / "rows.txt", delimiter="|", header=False, columns=tuple(NAMES.split(",")))


def seen(dump: dumps.Dump, shared: Shared, rows: list[tuple[str, ...]]) -> Observed:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(dump.grammar.names, pl.String), orient="row")
    found = observe(frame, dump.first, shared, None)
    found.settle(dump.grammar, date(2021, 4, 3))
    return found


def test_rows_cells_and_identifiers_are_counted(dump: dumps.Dump, shared: Shared) -> None:
    found = seen(dump, shared, ROWS)
    assert found.rows == 5
    assert found.filled.tolist() == [sum(row[i] != "" for row in ROWS) for i in range(6)]
    assert found.kind_rows == {"phone": 4, "profile_id": 4, "email": 3}
    assert found.kind_valid == {"phone": 3, "profile_id": 3, "email": 2}
    assert {kind: spool.summary().distinct for kind, spool in shared.spools.items() if spool.total} == {
        "phone": 2,
        "profile_id": 2,
        "email": 1,
        "row": 5,
    }


def test_regions_places_dates_and_domains_are_counted(dump: dumps.Dump, shared: Shared) -> None:
    found = seen(dump, shared, ROWS)
    regions = {phones.REGIONS[i]: int(n) for i, n in enumerate(found.regions) if n}
    assert regions == {"EG": 2, "DE": 1}
    assert found.places == {"EG": 1, "DE": 1, "": 1}
    births = found.dates[4]
    assert (births.rows, births.parsed, births.minors) == (4, 3, 1)
    assert births.sentinels == {"1970-01-01": 1}
    assert shared.domains.top(5).select("key", "count").rows() == [("example.org", 2)]


def test_field_sets_are_the_cells_that_are_not_empty(dump: dumps.Dump, shared: Shared) -> None:
    found = seen(dump, shared, ROWS)
    labels = [kind.label for kind in field_types(dump.grammar)]
    sets = {
        frozenset(label for bit, label in enumerate(labels) if mask >> bit & 1): rows
        for mask, rows in found.sets.items()
    }
    truth: dict[frozenset[str], int] = {}
    for row in ROWS:
        held = frozenset(name for name, cell in zip(NAMES.split(","), row, strict=True) if cell)
        truth[held] = truth.get(held, 0) + 1
    assert sets == truth


def test_batches_add_up_to_the_whole(dump: dumps.Dump, shared: Shared) -> None:
    whole, total = seen(dump, shared, ROWS * 3), Observed.empty(6)
    for rows in (ROWS, ROWS[:2], ROWS[2:] + ROWS):
        total.add(seen(dump, shared, rows))
    assert (total.rows, total.sets, total.kind_valid, total.places, total.dates) == (
        whole.rows,
        whole.sets,
        whole.kind_valid,
        whole.places,
        whole.dates,
    )
    assert total.filled.tolist() == whole.filled.tolist()
    assert total.valid.tolist() == whole.valid.tolist()
    assert total.regions.tolist() == whole.regions.tolist()


def test_an_empty_batch_shows_nothing(dump: dumps.Dump, shared: Shared) -> None:
    found = seen(dump, shared, [])
    assert (found.rows, found.sets, found.kind_rows) == (0, {}, {})
