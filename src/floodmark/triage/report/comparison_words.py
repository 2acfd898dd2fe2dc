"""What a comparison says, as sentences that every form of output shares."""

from __future__ import annotations

from collections.abc import Iterator

from floodmark.reports.labels import field_name, values_name
from floodmark.reports.numbers import count, listing, plural, share
from floodmark.triage.comparing.comparison import Comparison, KindPair, RowPair, Side

FEWEST = 30
"""Shared identifiers with a value in both dumps below which nothing is said of its agreement."""


def findings(found: Comparison) -> Iterator[str]:
    """What can be said first: rows, identifiers, values, columns."""
    if found.rows is not None:
        yield _rows(found.rows, len(found.shared_columns))
    elif not found.shared_columns:
        yield "The dumps have no column in common, so their rows cannot be compared."
    shared = [one for one in found.identifiers if one.a and one.b]
    for one in shared:
        yield _kind(one)
        yield from _values(one)
    if not shared:
        yield "No kind of identifier is in both dumps."
    yield _columns(found)


def notes(found: Comparison) -> Iterator[str]:
    """What a reader must know of all numbers."""
    yield "Identifiers are counted once each; they are neither rows nor people, who can have several or share one."
    yield (
        "That two dumps share many identifiers does not make one a copy of the other: two scrapes of the same people "
        "share them too. Rows and values that are the same do."
    )
    if found.rows is not None:
        yield (
            "Rows are the same where all columns that are compared say the same: numbers, addresses and dates (to the "
            "day) however they are written, other text to the letter."
        )
    for name, side in (("A", found.a), ("B", found.b)):
        if side.unread:
            files = plural(side.unread, "file or member", "files and members")
            yield f"{files} of {name} could not be read, or not to the end: what they hold is missing here."
        if side.quarantined:
            yield f"{plural(side.quarantined, 'line')} of {name} fit no grammar and are in none of the numbers."


def synthetic_note(found: Comparison) -> str:
    """Which dump is made up, in a sentence; empty when none says so of itself."""
    if found.synthetic:
        return "SYNTHETIC DATA: nothing here describes a real person or a real leak."
    made_up = [name for name, side in (("A", found.a), ("B", found.b)) if side.synthetic]
    return f"SYNTHETIC DATA: {made_up[0]} says of itself that it is made up." if made_up else ""


def files_of(side: Side) -> str:
    """What a dump is of: its files and, where that is more, their members and tables."""
    files = plural(side.files, "file")
    return files if side.tables <= side.files else f"{files} ({count(side.tables)} members and tables)"


def _rows(rows: RowPair, shared: int) -> str:
    """What is said of rows, in one sentence with those that are not compared."""
    by = f"By the {plural(rows.columns, 'column')} that both have, "
    if rows.columns < shared:
        by = f"By {count(rows.columns)} of the {plural(shared, 'column')} that both have, "
    if not rows.distinct_both:
        said = "no row is in both"
    elif rows.a_in_b == rows.a and rows.b_in_a == rows.b:
        said = f"both have the same {plural(rows.distinct_both, 'distinct row')}"
    else:
        said = (
            f"{count(rows.a_in_b)} of A's {_compared(rows.a, rows.uncompared_a)} "
            f"({share(rows.a_in_b, rows.a)}) are in B, and {count(rows.b_in_a)} of B's "
            f"{_compared(rows.b, rows.uncompared_b)} ({share(rows.b_in_a, rows.b)}) are in A"
        )
    return by + "; ".join([said, *_not_compared(rows)]) + "."


def _compared(number: int, others: int) -> str:
    """Rows that are compared, and whether they are all."""
    return plural(number, "row") + (" that could be compared" if others else "")


def _not_compared(rows: RowPair) -> Iterator[str]:
    """How many rows of each dump are not compared, and why."""
    for name, lacking, blank in (("A", rows.lacking_a, rows.blank_a), ("B", rows.lacking_b, rows.blank_b)):
        reasons = [
            (lacking, "their tables lack a column that is compared"),
            (blank, "these columns are empty there"),
        ]
        why = [(number, f"because {reason}") for number, reason in reasons if number]
        if not why:
            continue
        told = (
            why[0][1]
            if len(why) == 1
            else " and ".join(f"{count(number)} {reason}" for number, reason in why)
        )
        yield f"{plural(lacking + blank, 'row')} of {name} could not be compared, {told}"


def _kind(one: KindPair) -> str:
    name = values_name(one.kind)
    if not one.both:
        return f"No {name} are in both."
    return (
        f"{count(one.both)} {name} are in both: {share(one.both, one.a)} of A's {count(one.a)}, "
        f"{share(one.both, one.b)} of B's {count(one.b)}."
    )


def _values(one: KindPair) -> Iterator[str]:
    for value in one.values:
        if value.both >= FEWEST and value.chance is not None:
            yield (
                f"Of shared {values_name(one.kind)} with a {field_name(value.value)} in both dumps, "
                f"{share(value.equal, value.both)} have the same one; by chance {share(value.chance)} would."
            )


def _columns(found: Comparison) -> str:
    said = f"{plural(len(found.shared_columns), 'column is', 'columns are')} in both"
    for name, columns in (("A", found.columns_a), ("B", found.columns_b)):
        if columns:
            kinds = list(dict.fromkeys(field_name(one.type) for one in columns))
            said += f"; {plural(len(columns), 'is', 'are')} in {name} alone ({listing(kinds, 6)})"
    return said + "."
