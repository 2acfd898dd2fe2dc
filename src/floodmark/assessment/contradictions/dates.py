"""Dates of one thing: they disagree where no day lies in both.

Of `fixed-before` two dates never do: what was shut before the earlier was shut before the later, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from floodmark.assessment.contradictions.claims import Claim, Thing, claim, days_of
from floodmark.assessment.statements.statement import Statement


def days_apart(a: str, b: str) -> bool:
    """Whether two dates, of which a day, a month or a year is known, cannot be one day.

    >>> days_apart("2021-04-08", "2021-04"), days_apart("2021-04-08", "2021-04-06")
    (False, True)
    """
    first, second = days_of(a), days_of(b)
    if first is None or second is None:
        return False
    return first[1] < second[0] or second[1] < first[0]


def _claims(statement: Statement) -> Iterator[Claim]:
    for one in statement.assertions:
        if one.kind == "dated" and days_of(one.on) is not None:
            yield claim(statement, one, "dated")


def _conflict(a: Claim, b: Claim) -> bool:
    return days_apart(_on(a), _on(b))


def _alike(a: Claim, b: Claim) -> bool:
    return not _conflict(a, b)


def _on(one: Claim) -> str:
    return one.assertion.on if one.assertion else ""


def _precision(one: Claim) -> int:
    return len(_on(one))


DATED = Thing("dated", _claims, _alike, _conflict, _precision)
