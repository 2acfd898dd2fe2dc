"""What it says of an advert's assertions that its figures are those of a table that was known before.

It speaks against `new` and for `old`, as far as the figures are of the data. Of a total it tells nothing more than
where the figures are from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from floodmark.assessment.contradictions.claims import days_of
from floodmark.assessment.contradictions.sentences import said_by
from floodmark.assessment.evidence.evidence import Evidence
from floodmark.assessment.evidence.material import EvidenceTest, Material
from floodmark.assessment.fingerprint.typing_errors import FAR, NEAR
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.statement import Statement
from floodmark.reports.labels import plain
from floodmark.reports.numbers import plural
from floodmark.reports.partial_dates import in_words as date_in_words

if TYPE_CHECKING:
    from floodmark.assessment.fingerprint.match import Match

TEST = "fingerprint"
POWER = (
    "It tests the figures of an advert, not the data: the files may hold something else than the advert says. A table"
    " that nobody published before, or that is not among those it was compared with, cannot be found."
)
_SETTLES = {"new": "contradicts", "old": "supports"}
_EFFECTS = {"not-found": "unremarkable", "cannot-tell": "cannot-tell"}
_NOTEWORTHY = ("found", "found-if", "partly")
"""Of a total and of counts, that nothing alike is known says nothing."""


def fingerprint(statement: Statement, assertion: Assertion, material: Material) -> Iterator[Evidence]:
    """The best match of each advert's table that the assertion is about."""
    for advert in _adverts(statement, assertion, material):
        matches = [one for one in material.matches(advert) if not _is_later(one, advert, material)]
        if matches and (assertion.kind in _SETTLES or matches[0].conclusion in _NOTEWORTHY):
            yield _evidence(advert, statement, assertion, matches, material)


def _adverts(statement: Statement, assertion: Assertion, material: Material) -> Sequence[Statement]:
    """Whose table it is about: its own, or for `new` and `old` those of the adverts of the same leak."""
    if statement.table is not None:
        return [statement] if assertion.kind != "countries" or assertion.table is not None else []
    if assertion.kind not in _SETTLES or assertion.scope:
        return []
    about = material.by_about.get(statement.about, ())
    return [one for one in about if one.kind == "advert" and one.table is not None]


def _evidence(
    advert: Statement,
    statement: Statement,
    assertion: Assertion,
    matches: Sequence[Match],
    material: Material,
) -> Evidence:
    best = matches[0]
    published = _published(best, material)
    effect = _EFFECTS.get(best.conclusion, "flags")
    words = f"In the table of {said_by(advert)}, {_figures(best)} {_verdict(best, len(matches))}"
    if best.conclusion == "found" and not assertion.scope and _is_before(published, statement.said_on):
        since = days_of(assertion.on)
        if since is None or published is None or published[0] <= since[1]:
            effect = _SETTLES.get(assertion.kind, "flags")
        else:
            words += f" That it was published since {date_in_words(assertion.on)}, this does not show."
    return Evidence(
        test=TEST,
        effect=effect,
        words=words,
        power=POWER,
        numbers={
            "known": best.known.id,
            "conclusion": best.conclusion,
            "compared": len(best.rows),
            "matching": len(best.matching),
            "p": best.p,
            "at_floor": best.at_floor,
        },
        sources=tuple(dict.fromkeys((advert.id, best.known.id))),
    )


def _is_before(published: tuple[date, date] | None, said_on: str) -> bool:
    """Whether it was surely published before something was said; what has no date is said now."""
    said = days_of(said_on)
    return published is not None and (said is None or published[1] < said[0])


def _figures(best: Match) -> str:
    slipped = sum(row.how in (*NEAR, *FAR) for row in best.matching)
    same = f"{len(best.matching) - slipped or 'none'} of {plural(len(best.rows), 'figure')}"
    return f"{same}, and {slipped} more but for a slip of typing," if slipped else same


def _verdict(best: Match, tables: int) -> str:
    verdict = f"are those of “{plain(best.known.title)}” ({_dated(best)}){_pairing(best)}"
    if best.conclusion == "found":
        chance = "less than once in a million" if best.at_floor else f"with probability {best.p:.1g} at most"
        return f"{verdict}; by chance {chance}, if digits after the first two are random in unrelated tables."
    nearest = f", the nearest of {tables} known tables" if tables > 1 else ""
    if best.conclusion == "not-found":
        return f"{verdict}{nearest}: no more than unrelated tables share."
    if best.conclusion == "cannot-tell":
        return f"{verdict}{nearest}: too few to tell."
    return f"{verdict}; that is worth a look and settles nothing."


def _pairing(best: Match) -> str:
    if best.alignment == "scaled":
        return f", multiplied by {best.factor:.4g}"
    return ", under other countries" if best.alignment == "moved" else ""


def _dated(best: Match) -> str:
    on = date_in_words(best.known.dated) if days_of(best.known.dated) else plain(best.known.dated)
    return f"counted here on {on}" if best.known.counted else on


def _is_later(match: Match, advert: Statement, material: Material) -> bool:
    """Whether the known table was surely published after the advert: a copy takes nothing from what it is a copy of."""
    said, published = days_of(advert.said_on), _published(match, material)
    return said is not None and published is not None and published[0] > said[1]


def _published(best: Match, material: Material) -> tuple[date, date] | None:
    """First and last day on which the known table may have become known.

    A table that was counted here has the date of that day; what it is of, is known since somebody first spoke of it.
    """
    if not best.known.counted:
        return days_of(best.known.dated)
    heard = (days_of(one.said_on) for one in material.by_about.get(best.known.about, ()))
    return min((found for found in heard if found is not None), default=None)


FINGERPRINT = EvidenceTest(
    TEST,
    frozenset({"new", "old", "total", "countries"}),
    "an advert's table and tables that are known",
    fingerprint,
    asked_for=frozenset(_SETTLES),
)
