"""The truth of a twin: what its undamaged lines hold and where its damaged lines are.

Counted from the arrays that the lines were made of, not from the text, so that a test of the reader compares
with something that never read the file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from floodmark.synth import tables
from floodmark.synth.cells import Cells
from floodmark.synth.chunks import Chunk, Plan
from floodmark.synth.runs import RunLengths
from floodmark.synth.tables import BIRTH_DAYS, FIRST_BIRTH, FIRST_DATE, FIRST_STAMP, SENTINEL, SLOTS, Indices

FORMAT = "floodmark-synthetic-truth/1"
OFFSETS_KEPT = 10_000
# The day on which the 2021 set was published.
AS_OF = date(2021, 4, 3)
ADULT = 18


@dataclass
class DamageTally:
    """Lines damaged in one way.

    Attributes:
        kind: the way.
        lines: how many.
        bytes: their bytes, line ends included.
        offsets: where the first `OFFSETS_KEPT` begin in the text, ascending.
        phones: rows with a valid phone that these lines had before, by country.
    """

    kind: str
    lines: int = 0
    bytes: int = 0
    offsets: list[int] = field(default_factory=list)
    phones: Counter[str] = field(default_factory=Counter)

    def to_dict(self) -> dict[str, Any]:
        """The tally as the sidecar has it."""
        complete = self.lines == len(self.offsets)
        return asdict(self) | {"phones": dict(sorted(self.phones.items())), "offsets_complete": complete}


class TruthCounter:
    """Counts chunk by chunk.

    Args:
        plan: what is made.
        as_of: day on which people are minors or not.
    """

    def __init__(self, plan: Plan, as_of: date) -> None:
        countries, columns = len(plan.countries), plan.twin.columns
        self.plan, self.as_of = plan, as_of
        self.rows = self.bytes = self.repeats = self.most_copies = self.split = 0
        self.phones = np.zeros(countries, dtype=np.int64)
        self.distinct = np.zeros(countries, dtype=np.int64)
        self.identifiers = {kind: [0, 0, 0] for kind in ("phone", "email", "profile_id")}
        self.sets = np.zeros(2 ** len(columns), dtype=np.int64)
        self.places = {
            c.name: np.zeros(countries, dtype=np.int64) for c in columns if c.source in ("city", "hometown")
        }
        self.dates = {
            c.name: np.zeros(len(tables.fixed(c.source).texts), dtype=np.int64)
            for c in columns
            if c.source.startswith(("stamp", "birth"))
        }
        self.domains = np.zeros(len(tables.DOMAINS), dtype=np.int64)
        self.runs = RunLengths(countries)
        self.damage = {kind: DamageTally(kind) for kind in plan.twin.damage}

    def add(self, chunk: Chunk, cells: Cells, sizes: Indices, start: int) -> None:
        """Count one chunk.

        Args:
            chunk: its records.
            cells: their cells.
            sizes: bytes of each line, line end included, in file order.
            start: offset of the first line in the text.
        """
        self._add_damaged(chunk, sizes, start + np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64))
        on_line = chunk.damage[chunk.order]
        self.bytes += int(sizes[on_line == 0].sum())
        copies = np.bincount(chunk.order, minlength=len(chunk.countries)) * (chunk.damage == 0)
        self.rows += int(copies.sum())
        self.repeats += int((copies - (copies > 0)).sum())
        self.most_copies = max(self.most_copies, int(copies.max(initial=0)))
        self._add_identifiers(chunk, cells, copies)
        bits = np.zeros(len(copies), dtype=np.int64)
        for place, column in enumerate(self.plan.twin.columns):
            bits |= cells.filled[column.name].astype(np.int64) << place
        self.sets += _counts(bits, copies, len(self.sets))
        for name in self.places:
            weights = copies * cells.filled[name]
            self.places[name] += _counts(cells.places[name], weights, len(self.phones))
        for name in self.dates:
            self.dates[name] += _counts(cells.dates[name], copies, len(self.dates[name]))
        self.split += int((copies * cells.split).sum())

    def _add_identifiers(self, chunk: Chunk, cells: Cells, copies: Indices) -> None:
        once = chunk.valid & (copies > 0)
        size = len(self.phones)
        self.phones += _counts(chunk.countries, copies * chunk.valid, size)
        self.distinct += np.bincount(chunk.countries[once], minlength=size)
        self.runs.add(chunk.countries[once], chunk.phones[once])
        for column in self.plan.twin.columns:
            filled = copies * cells.filled[column.name]
            rows = int(filled.sum())
            if column.source == "phone":
                self._count("phone", rows, int((copies * chunk.valid).sum()), int(once.sum()))
            elif column.source == "uid":
                self._count("profile_id", rows, rows, int((filled > 0).sum()))
            elif column.source in ("email", "reused_email"):
                owners = chunk.origins if column.source == "reused_email" else np.arange(len(copies))
                self._count("email", rows, rows, len(np.unique(owners[filled > 0])))
                self.domains += _counts(cells.domains, filled, len(self.domains))

    def _count(self, kind: str, rows: int, valid: int, distinct: int) -> None:
        self.identifiers[kind] = [
            old + new for old, new in zip(self.identifiers[kind], (rows, valid, distinct), strict=True)
        ]

    def _add_damaged(self, chunk: Chunk, sizes: Indices, offsets: Indices) -> None:
        kinds = chunk.damage[chunk.order]
        for number, tally in enumerate(self.damage.values(), start=1):
            lines = np.flatnonzero(kinds == number)
            tally.lines += len(lines)
            tally.bytes += int(sizes[lines].sum())
            tally.offsets += offsets[lines[: OFFSETS_KEPT - len(tally.offsets)]].tolist()
            hit = np.bincount(
                chunk.countries[(chunk.damage == number) & chunk.valid], minlength=len(self.phones)
            )
            tally.phones.update({self.plan.countries[c]: int(hit[c]) for c in np.flatnonzero(hit)})

    def undamaged(self) -> dict[str, Any]:
        """What the undamaged lines hold; rows, identifiers or people as each name says."""
        countries = self.plan.countries
        column_names = {column.type.label: column.name for column in self.plan.twin.columns}
        return {
            "rows": self.rows,
            "bytes": self.bytes,
            "identifiers": [
                {"kind": kind, "rows": rows, "valid": valid, "distinct": distinct}
                for kind, (rows, valid, distinct) in self.identifiers.items()
                if kind in column_names
            ],
            "countries": _ranked(
                {"country": countries[c], "phones": int(self.phones[c]), "distinct": int(self.distinct[c])}
                for c in np.flatnonzero(self.phones)
            ),
            "places": {
                name: {countries[c]: int(total[c]) for c in np.flatnonzero(total)}
                for name, total in self.places.items()
            },
            "field_sets": self._field_sets(),
            "dates": [self._date_column(name) for name in self.dates],
            "minors": self._minors(),
            "duplicates": {
                "rows": self.rows,
                "distinct": self.rows - self.repeats,
                "repeats": self.repeats,
                "most_copies": self.most_copies,
            },
            "runs": self.runs.summary(),
            "email_domains": {
                domain: int(rows) for domain, rows in zip(tables.DOMAINS, self.domains, strict=True) if rows
            },
            "passwords_with_delimiter": self.split,
        }

    def fills(self) -> dict[str, int]:
        """Undamaged rows with a filled cell, by column."""
        patterns = np.arange(len(self.sets))
        return {
            column.name: int(self.sets[patterns >> place & 1 == 1].sum())
            for place, column in enumerate(self.plan.twin.columns)
        }

    def _field_sets(self) -> list[dict[str, Any]]:
        labels = [column.type.label for column in self.plan.twin.columns]
        found: Counter[tuple[str, ...]] = Counter()
        for pattern in np.flatnonzero(self.sets).tolist():
            types = sorted({label for place, label in enumerate(labels) if pattern >> place & 1})
            found[tuple(types)] += int(self.sets[pattern])
        ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return [{"fields": list(types), "rows": rows} for types, rows in ranked]

    def _date_column(self, name: str) -> dict[str, Any]:
        column = next(c for c in self.plan.twin.columns if c.name == name)
        total = self.dates[name]
        stamp = column.source.startswith("stamp")
        full = (
            np.flatnonzero(total[FIRST_DATE:]) // SLOTS
            if stamp
            else np.flatnonzero(total[1 : 1 + BIRTH_DAYS])
        )
        first = FIRST_STAMP if stamp else FIRST_BIRTH
        ends: list[str | None] = [None, None]
        if len(full):
            ends = [(first + timedelta(days=int(full[place]))).isoformat() for place in (0, -1)]
        rows = int(total[1:].sum())
        sentinel = int(total[SENTINEL]) if stamp else 0
        return {
            "column": name,
            "type": column.type.label,
            "rows": rows,
            "sentinel_value": tables.fixed(column.source).texts[SENTINEL] if stamp else None,
            "sentinel_rows": sentinel,
            "without_year": 0 if stamp else int(total[1 + BIRTH_DAYS :].sum()),
            "earliest": ends[0],
            "latest": ends[1],
        }

    def _minors(self) -> dict[str, Any] | None:
        name = next((c.name for c in self.plan.twin.columns if c.source.startswith("birth")), None)
        if name is None:
            return None
        births = self.dates[name][1 : 1 + BIRTH_DAYS]
        # Who turns 18 on the day itself is no minor any more; 29 February counts as 1 March.
        leap = (self.as_of.month, self.as_of.day) == (2, 29)
        turned = (self.as_of + timedelta(days=int(leap))).replace(year=self.as_of.year - ADULT)
        youngest = max(0, (turned - FIRST_BIRTH).days + 1)
        years = np.array([(FIRST_BIRTH + timedelta(days=day)).year for day in range(BIRTH_DAYS)])
        return {
            "as_of": self.as_of.isoformat(),
            "rows": int(births.sum()),
            "minors": int(births[youngest:].sum()),
            "years": {str(y): int(births[years == y].sum()) for y in np.unique(years[births > 0])},
        }


def _counts(places: Indices, weights: Indices, size: int) -> Indices:
    """Sum of whole weights at each place; exact, since the weights of a chunk stay far below 2**53."""
    return np.bincount(places, weights=weights, minlength=size).astype(np.int64)


def _ranked(rows: Any) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (-row["phones"], row["country"]))
