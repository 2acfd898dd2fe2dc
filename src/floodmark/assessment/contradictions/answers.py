"""Questions with a few answers, of which some exclude each other: what happened, whose data it is, is it old."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from floodmark.assessment.contradictions.claims import Claim, Thing, by_kind, claim, days_of, folded
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
CONFIRMED = "confirmed"


def _kind(one: Claim) -> str:
    return one.assertion.kind if one.assertion else CONFIRMED


def _cause_conflict(a: Claim, b: Claim) -> bool:
    """Whether two causes exclude each other; who says of one thing both that it was a breach and how, means both."""
    kinds = {_kind(a), _kind(b)}
    if "breach" in kinds and a.statement.id == b.statement.id:
        return False
    return kinds in _EXCLUSIVE or (
        kinds == {"attack-by"} and bool(_who(a) and _who(b)) and _who(a) != _who(b)
    )


def _cause_alike(a: Claim, b: Claim) -> bool:
    return _kind(a) == _kind(b) and _who(a) == _who(b)


def _who(one: Claim) -> str:
    return folded(one.assertion.who) if one.assertion else ""


def _age_conflict(a: Claim, b: Claim) -> bool:
    """Whether one says new what the other says to have been published before that."""
    if {_kind(a), _kind(b)} != {"new", "old"}:
        return False
    new, old = (a, b) if _kind(a) == "new" else (b, a)
    said = days_of(new.statement.said_on)
    since = days_of(old.assertion.on) if old.assertion else None
    return said is None or since is None or since[0] < said[0]


def _origin(statement: Statement) -> Iterator[Claim]:
    yield from by_kind("origin", "not-ours", "breach")(statement)
    denied = any(one.kind == "not-ours" for one in statement.assertions)
    if statement.kind == "confirmation" and not denied:
        yield Claim(statement, None, "origin", "confirmed")


def _origin_conflict(a: Claim, b: Claim) -> bool:
    return (_kind(a) == "not-ours") != (_kind(b) == "not-ours")


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
)
AGE = Thing("age", by_kind("age", "new", "old"), _same_kind, _age_conflict, described=_described)
ORIGIN = Thing("origin", _origin, _same_kind, _origin_conflict)
VISIBILITY = Thing("visibility", _visibility, _same_kind, _visibility_conflict, described=_described)
