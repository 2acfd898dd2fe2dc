"""Questions with a few answers, of which some exclude each other: what happened, whose data it is, is it old."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from floodmark.assessment.contradictions.claims import Claim, Thing, by_kind, claim, days_of
from floodmark.assessment.contradictions.scopes import folded
from floodmark.assessment.evidence.profile_fields import NOT_PUBLIC
from floodmark.assessment.report.assertion_words import in_words
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.statement import Statement
from floodmark.reports.labels import field_name
from floodmark.reports.numbers import listing

_EXCLUSIVE = (
    {"scraped", "breach"},
    {"fault", "breach"},
    {"fault", "attack-by"},
)
_CONFIRMS = ("breach", "scraped", "fields")
"""What a confirmation has to say of the whole, so that it says that the data is theirs: a memo may be confirmed too."""
_JOINS = re.compile(r"\s*(?:[,;&+/]|\band\b)\s*")


def _kind(one: Claim) -> str:
    return one.assertion.kind if one.assertion else ""


def _cause_conflict(a: Claim, b: Claim) -> bool:
    """Whether two causes exclude each other; who says of one thing both that it was a breach and how, means both."""
    kinds = {_kind(a), _kind(b)}
    if "breach" in kinds and a.statement.id == b.statement.id:
        return False
    return kinds in _EXCLUSIVE


def _is_claimed_by_two(a: Claim, b: Claim) -> bool:
    """Whether an attack is put down to two who have no name in common: they may have made it together."""
    return bool(_who(a) and _who(b)) and not _who(a) & _who(b)


def _cause_alike(a: Claim, b: Claim) -> bool:
    return _kind(a) == _kind(b) and _who(a) == _who(b)


def _who(one: Claim) -> frozenset[str]:
    """Who made an attack, one name or several."""
    if one.assertion is None or one.assertion.kind != "attack-by":
        return frozenset()
    return frozenset(_JOINS.split(folded(one.assertion.who))) - {""}


def _age_conflict(a: Claim, b: Claim) -> bool:
    """Whether one says new what the other says to have been published before that.

    Where nobody says since when, what was new may have become old until the other spoke.
    """
    if {_kind(a), _kind(b)} != {"new", "old"}:
        return False
    new, old = (a, b) if _kind(a) == "new" else (b, a)
    said = days_of(new.statement.said_on)
    since = days_of(old.assertion.on) if old.assertion else None
    if new.statement.id == old.statement.id:
        return True
    if since is not None:
        return said is not None and since[1] < said[0]
    return _is_no_later(old.statement, new.statement)


def _is_no_later(a: Statement, b: Statement) -> bool:
    first, second = days_of(a.said_on), days_of(b.said_on)
    return first is not None and second is not None and (first == second or first[1] <= second[0])


def _origin(statement: Statement) -> Iterator[Claim]:
    yield from by_kind("origin", "not-ours", "breach")(statement)
    kinds = {one.kind for one in statement.assertions}
    if statement.kind == "confirmation" and not kinds & {"not-ours", "breach"}:
        confirming = [one for one in statement.assertions if one.kind in _CONFIRMS and not one.scope]
        yield from (Claim(statement, one, "origin", "confirmed") for one in confirming[:1])


def _origin_conflict(a: Claim, b: Claim) -> bool:
    return (_kind(a) == "not-ours") != (_kind(b) == "not-ours")


def _same_words(a: Claim, b: Claim) -> bool:
    return a.words == b.words


def _visibility(statement: Statement) -> Iterator[Claim]:
    for one in statement.assertions:
        if one.kind == "public-only" or (one.kind == "fields" and NOT_PUBLIC.keys() & {*one.fields}):
            yield claim(statement, one, "visibility")


def _visibility_conflict(a: Claim, b: Claim) -> bool:
    return _kind(a) != _kind(b)


def _same_kind(a: Claim, b: Claim) -> bool:
    return _kind(a) == _kind(b)


def _described(sides: Sequence[Sequence[Claim]]) -> list[str]:
    """The words that all of a side say; else what is common to them."""
    return [_common(side) for side in sides]


def _common(side: Sequence[Claim]) -> str:
    if len({one.words for one in side}) == 1:
        return side[0].words
    if _kind(side[0]) == "attack-by":
        return side[0].words
    if _kind(side[0]) != "fields":
        return in_words(Assertion(kind=_kind(side[0])))
    shared = set(NOT_PUBLIC).intersection(*(one.assertion.fields for one in side if one.assertion))
    labels = [label for label in NOT_PUBLIC if label in shared]
    return f"holds {listing([field_name(label) for label in labels] or ['what public profiles do not show'])}"


CAUSE = Thing(
    "cause",
    by_kind("cause", "scraped", "breach", "fault", "attack-by"),
    _cause_alike,
    _cause_conflict,
    described=_described,
    beside=_is_claimed_by_two,
)
AGE = Thing("age", by_kind("age", "new", "old"), _same_kind, _age_conflict, described=_described)
ORIGIN = Thing("origin", _origin, _same_words, _origin_conflict)
VISIBILITY = Thing("visibility", _visibility, _same_kind, _visibility_conflict, described=_described)
