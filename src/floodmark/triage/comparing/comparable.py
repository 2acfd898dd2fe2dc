"""By which columns the rows of two dumps are compared, and of which tables.

Only rows of which the same is asked can be the same, so that a table takes part where it has all columns that are
compared. They are those that two tables share, and of these what further tables have too which have more than half:
with each that takes part more rows are compared, by no more columns. Of several ways the one is taken in which most
cells are compared, the rows of each dump counting the same however many they are.

>>> from floodmark.triage.comparing.columns import Key
>>> users, logins = (Key("phone", "tel"), Key("email", "mail"), Key("age", "age")), (Key("email", "mail"),)
>>> found = Columns()
>>> for side, layout, rows in ((0, users, 90), (0, logins, 500), (1, users, 100)):
...     found.add(side, layout, [rows] * len(layout), rows)
>>> plan = plan_of(found)
>>> [found.joints[joint].of(0).name for joint in plan.joints], list(plan.places) == [users]
(['tel', 'mail', 'age'], True)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from floodmark.identifiers import FieldType
from floodmark.triage.comparing.columns import UNKNOWN, Columns, Joint, Layout

DATE = "date"
MOST_SETS = 400  # sets of columns of one dump, those with most rows, that are tried with those of the other
MOST_STARTS = 50


@dataclass(frozen=True)
class Plan:
    """How rows are compared.

    Attributes:
        joints: which of the joints are, in ascending order; empty where no column is shared.
        forms: in what form each is compared: a kind of identifier, `date`, or text where it is empty.
        places: for each table that has all of them, by its columns, which of these they are.
    """

    joints: tuple[int, ...]
    forms: tuple[str, ...]
    places: Mapping[Layout, tuple[int, ...]]


def plan_of(found: Columns) -> Plan:
    """By which columns rows are compared."""
    shared = {place for place, joint in enumerate(found.joints) if joint.shared}
    sets = {
        layout: _bits(place for place in places if place in shared)
        for layout, places in found.layouts.items()
    }
    rows = [Counter[int](), Counter[int]()]
    for side, counted in enumerate(found.rows):
        for layout, number in counted.items():
            rows[side][sets[layout]] += number
    compared = _compared(*rows)
    joints = tuple(place for place in sorted(shared) if compared >> place & 1)
    return Plan(
        joints,
        tuple(form_of(found.joints[joint]) for joint in joints),
        {
            layout: _columns_of(found.layouts[layout], joints)
            for layout, having in sets.items()
            if joints and having & compared == compared
        },
    )


def _columns_of(places: tuple[int, ...], joints: tuple[int, ...]) -> tuple[int, ...]:
    column_of = {joint: column for column, joint in enumerate(places)}
    return tuple(column_of[joint] for joint in joints)


def form_of(joint: Joint) -> str:
    """In what form a column is compared: a kind of identifier, `date`, or text where it is empty.

    A column that nothing is known of in some tables is compared as what it is in the others, save for dates: in which
    order they are written is known of dates alone.
    """
    types = {key.type for keys in joint.keys for key in keys}
    forms = {_form(label) for label in types - {UNKNOWN}}
    if len(forms) != 1:
        return ""
    (form,) = forms
    return "" if form == DATE and UNKNOWN in types else form


def _form(label: str) -> str:
    kind = FieldType.from_label(label)
    return kind.identifier_kind or (DATE if kind.is_date else "")


def _compared(a: Counter[int], b: Counter[int]) -> int:
    """The columns that are compared, a bit each: of several ways the one in which most cells are.

    Args:
        a: rows of the first dump by the shared columns of their tables.
        b: of the second.
    """
    shares: list[dict[int, float]] = [
        {columns: rows / max(side.total(), 1) for columns, rows in side.most_common()} for side in (a, b)
    ]
    weights: dict[int, float] = {}
    for one, share in islice(shares[0].items(), MOST_SETS):
        for other, share_b in islice(shares[1].items(), MOST_SETS):
            weights[one & other] = weights.get(one & other, 0.0) + share + share_b
    starts: dict[int, int] = {}
    for both in sorted(weights, key=weights.__getitem__, reverse=True):
        starts.setdefault(both.bit_count(), both)
    starts.pop(0, None)
    if not starts:  # what is shared is in tables of few rows
        return next((one & -one for one in a if one), 0)
    ways = {_widened(starts[size], a + b) for size in sorted(starts, reverse=True)[:MOST_STARTS]}
    return max(ways, key=lambda way: (way.bit_count() * _covered(way, shares), way.bit_count(), way))


def _widened(start: int, tables: Counter[int]) -> int:
    """What is left of columns when every table takes part that has more than half of them."""
    compared = start
    for one, _ in tables.most_common():
        if 2 * (compared & one).bit_count() > start.bit_count():
            compared &= one
    return compared


def _covered(columns: int, shares: Sequence[Mapping[int, float]]) -> float:
    """Share of the rows of both dumps that are in tables with all these columns, summed."""
    return sum(share for side in shares for one, share in side.items() if one & columns == columns)


def _bits(places: Iterable[int]) -> int:
    return sum(1 << place for place in places)
