"""What it says of an advert's assertions that its figures are those of a table that was known before.

It speaks against `new` and for `old`, as far as the figures are of the data: where at least half of the advert's
figures were surely published before the advert, and not up to a factor. Of a total and of counts it tells nothing more
than where the figures are from, be it a leak or a statistic of countries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from floodmark.assessment.contradictions.claims import days_of
from floodmark.assessment.evidence.evidence import Evidence
from floodmark.assessment.evidence.fingerprint_words import of_leak, of_statistic
from floodmark.assessment.evidence.material import EvidenceTest, Material
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.statement import Statement
from floodmark.reports.partial_dates import in_words as date_in_words

if TYPE_CHECKING:
    from floodmark.assessment.fingerprint.match import Match

TEST = "fingerprint"
POWER = (
    "It tests the figures of an advert, not the data: the files may hold something else than the advert says. A table"
    " that nobody published before, or that is not among those it was compared with, cannot be found."
)
MOST = 0.5
"""Fewer of an advert's figures that agree say nothing of the advert as a whole."""
SOON = timedelta(days=365)
"""Within such a time, a report with all figures of an advert may be of that advert: each is dated by who saw it."""
_SETTLES = {"new": "contradicts", "old": "supports"}
_EFFECTS = {"not-found": "unremarkable", "cannot-tell": "cannot-tell"}
_NOTEWORTHY = ("found", "found-if", "partly")
"""Of a total and of counts, that nothing alike is known says nothing."""
_FOLLOWS = ("found", "found-if")
_AS_SAID = ("exact", "rounded", "cut off")


def fingerprint(statement: Statement, assertion: Assertion, material: Material) -> Iterator[Evidence]:
    """The best match of each advert's table that the assertion is about."""
    for advert in _adverts(statement, assertion, material):
        matches = material.matches(advert)
        leaks = [one for one in matches if not one.known.statistic]
        if leaks and (assertion.kind in _SETTLES or leaks[0].conclusion in _NOTEWORTHY):
            yield _of_leak(advert, statement, assertion, leaks, material)
        if assertion.kind not in _SETTLES:
            follows = (one for one in matches if one.known.statistic and one.conclusion in _FOLLOWS)
            yield from (_evidence("flags", of_statistic(advert, one), advert, one) for one in [*follows][:1])


def _adverts(statement: Statement, assertion: Assertion, material: Material) -> Sequence[Statement]:
    """Whose table it is about: its own, or for `new` and `old` those of the adverts of the same leak."""
    if statement.table is not None:
        return [statement] if assertion.kind != "countries" or assertion.table is not None else []
    if assertion.kind not in _SETTLES or assertion.scope:
        return []
    about = material.by_about.get(statement.about, ())
    return [one for one in about if one.kind == "advert" and one.table is not None]


def _of_leak(
    advert: Statement, statement: Statement, assertion: Assertion, leaks: Sequence[Match], material: Material
) -> Evidence:
    best = leaks[0]
    words = of_leak(advert, best, len(leaks))
    effect = _EFFECTS.get(best.conclusion, "flags")
    if best.conclusion == "found" and assertion.kind in _SETTLES:
        unsettled = _unsettled(advert, statement, assertion, best, material)
        effect = "flags" if unsettled else _SETTLES[assertion.kind]
        words += f" {unsettled or 'So the figures of the table were published before.'}"
    return _evidence(effect, words, advert, best)


def _unsettled(  # noqa: PLR0911  # a reason each
    advert: Statement, statement: Statement, assertion: Assertion, best: Match, material: Material
) -> str:
    """Why figures that were found do not settle whether they were published before; empty where they do."""
    if assertion.scope:
        return "It is said of a part, and the table is of the whole."
    if best.alignment == "scaled":
        return "That a table fits another when it is multiplied by a factor settles nothing."
    if best.share < MOST:
        return "These are less than half of the advert's figures: of the others it says nothing."
    published, offered, said = (
        material.published(best.known),
        days_of(advert.said_on),
        days_of(statement.said_on),
    )
    if offered is None:
        return "The advert may be the earlier of the two: its date was not given."
    if published is None or published[1] >= offered[0]:
        return "Which of the two was published first is not known."
    if said is None or published[1] >= said[0]:
        return "That it was known when this was said, it does not show."
    return _too_late(assertion, published) or _may_be_same(best, offered[0] - published[1], material)


def _too_late(assertion: Assertion, published: tuple[date, date]) -> str:
    since = days_of(assertion.on)
    if since is None or published[0] <= since[1]:
        return ""
    return f"That it was published since {date_in_words(assertion.on)}, this does not show."


def _may_be_same(best: Match, after: timedelta, material: Material) -> str:
    if _is_copy(best) and (after < SOON or material.is_advert(best.known)):
        return "All figures are the same: it may be the same advert, printed or offered before."
    return ""


def _is_copy(best: Match) -> bool:
    """Whether the known table may be of the advert itself: it has all of its figures, as far as they were given."""
    same = all(row.how in _AS_SAID for row in best.rows)
    return same and best.share == 1 and best.alignment == "country" and not best.known.counted


def _evidence(effect: str, words: str, advert: Statement, best: Match) -> Evidence:
    return Evidence(
        test=TEST,
        effect=effect,
        words=words,
        power=POWER,
        numbers={
            "known": best.known.id,
            "conclusion": best.conclusion,
            "figures": best.advert_rows,
            "compared": len(best.rows),
            "matching": len(best.matching),
            "p": best.p,
            "at_floor": best.at_floor,
        },
        sources=tuple(dict.fromkeys((advert.id, best.known.id))),
    )


FINGERPRINT = EvidenceTest(
    TEST,
    frozenset({"new", "old", "total", "countries"}),
    "an advert's table and tables that are known",
    fingerprint,
    asked_for=frozenset(_SETTLES),
)
