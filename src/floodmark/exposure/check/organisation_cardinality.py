"""Counts that can be handed on: nothing by row, and no count of 1 to 4 people, whom somebody might recognise.

>>> coarse([(("phone",), 9), (("phone", "health"), 6), (("email",), 2)])
[(('phone',), 9), (None, 8)]

A file can be made so that a count of few is about one person whom somebody has in mind. So few are "fewer than 5", and
a field set that few have is counted together with others, so many of them that a subtraction does not bring it back.
Nobody at all is 0: without it the answer would be worth nothing.

How many are in any leak is told only as far as the leaks' own counts say it: 6 in all, of whom 5 are in the one, would
mean that one person is in the other alone. How many rows these are is not told, nor who is in the file twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from floodmark.exposure.check.organisation_result import LeakCount, OrganisationChecked
from floodmark.exposure.check.result import MOMENT
from floodmark.reports.csv_tables import text_of

FORMAT = "floodmark/organisation/1"
FEWEST = 5
FEW = f"<{FEWEST}"
FieldTypes = tuple[str, ...] | None


def shown(count: int) -> int | str:
    """A count, or `<5`.

    >>> [shown(count) for count in (0, 1, 4, 5)]
    [0, '<5', '<5', 5]
    """
    return FEW if 0 < count < FEWEST else count


def at_least(counts: Sequence[int]) -> int | str:
    """How many there are in all, as far as counts that may overlap say it.

    >>> at_least([0, 7]), at_least([5, 3]), at_least([3, 2]), at_least([3, 0]), at_least([0])
    (7, '>=5', '>=1', '<5', 0)

    Args:
        counts: of people, the same ones or others.
    """
    some = [shown(count) for count in counts if count]
    if len(some) < 2:
        return some[0] if some else 0
    return f">={max((count for count in some if isinstance(count, int)), default=1)}"


def coarse(counts: Sequence[tuple[tuple[str, ...], int]]) -> list[tuple[FieldTypes, int]]:
    """Counts by field set of which none is below 5; None for field sets that are counted together.

    Args:
        counts: by field set, the highest first.

    Returns:
        With the same sum, or nothing where that is below 5.
    """
    if sum(count for _, count in counts) < FEWEST:
        return []
    apart = [one for one in counts if one[1] >= FEWEST]
    together = sum(count for _, count in counts) - sum(count for _, count in apart)
    while 0 < together < FEWEST:
        together += apart.pop()[1]
    rest: list[tuple[FieldTypes, int]] = [(None, together)] if together else []
    return [*apart, *rest]


def table_of(checked: OrganisationChecked, *, exact: bool) -> dict[str, Any]:
    """The counts as JSON-ready values.

    Args:
        checked: the answer.
        exact: whether counts of 1 to 4 are told, and how many are in any of the leaks.
    """
    tell = int if exact else shown
    totals: dict[str, Any] = {"identifiers_found": at_least([leak.identifiers for leak in checked.leaks])}
    if exact:
        totals = {"rows_found": checked.rows_found, "identifiers_found": checked.identifiers_found}
    snapshot = asdict(checked.snapshot) | {
        "made_at": checked.snapshot.made_at.strftime(MOMENT),
        "expires_at": checked.snapshot.expires_at.strftime(MOMENT),
    }
    return {
        "format": FORMAT,
        "found": checked.found,
        "exact": exact,
        "snapshot": snapshot,
        "rows": checked.rows,
        "identifiers": checked.identifiers,
        "invalid": checked.invalid,
        **totals,
        "leaks": [
            {
                "slug": leak.slug,
                "title": leak.title,
                "synthetic": leak.synthetic,
                "identifiers": tell(leak.identifiers),
                "field_sets": [
                    {"field_types": None if types is None else list(types), "identifiers": count}
                    for types, count in _sets(leak, exact)
                ],
            }
            for leak in checked.leaks
        ],
        "not_looked_in": list(checked.not_looked_in),
        "kinds_unknown": list(checked.kinds_unknown),
        "spent": checked.spent,
        "budget": checked.budget,
    }


def csv_of(checked: OrganisationChecked) -> bytes:
    """The counts as CSV: for each leak one line for all, and one for each field set; `*` is all others."""
    marked = any(leak.synthetic for leak in checked.leaks)
    rows: list[list[Any]] = [["leak", "field_types", "identifiers", *(["synthetic"] if marked else [])]]
    for leak in checked.leaks:
        mark = ["synthetic" if leak.synthetic else None] if marked else []
        rows.append([leak.slug, None, shown(leak.identifiers), *mark])
        for types, count in _sets(leak, exact=False):
            rows.append([leak.slug, "*" if types is None else " ".join(types), count, *mark])
    return text_of(rows).encode()


def _sets(leak: LeakCount, exact: bool) -> Sequence[tuple[FieldTypes, int]]:
    return leak.field_sets if exact else coarse(leak.field_sets)
