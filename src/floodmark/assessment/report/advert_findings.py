"""What the tests of an advert found, a sentence or two for each result."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from floodmark.assessment.advert import AdvertAssessment
from floodmark.assessment.advert_reading import PASTED
from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.fingerprint.match import APART, LEAST_ROWS, Match
from floodmark.assessment.report.row_words import chance, difference, factor, groups, odds, pairing
from floodmark.reports.labels import country_name, plain
from floodmark.reports.numbers import listing, plural
from floodmark.reports.partial_dates import in_words as date_in_words

LONGEST_TITLE = 120
MOST_NAMED = 8
PROVISO = f"provided that unrelated tables typically differ {factor(APART, up=True)} or more from country to country"
_CLOSEST = math.log(1.01)
"""Nobody saw unrelated tables that were closer, so that less is not said."""
_MARKS = {
    "supports": "supports",
    "contradicts": "contradicts",
    "flags": "flag",
    "unremarkable": "note",
    "cannot-tell": "cannot-tell",
}


@dataclass(frozen=True)
class Finding:
    """A result in words.

    Attributes:
        mark: `agrees`, `differs`, `disagree`, `supports`, `contradicts`, `flag`, `cannot-tell` or `note`.
        words: the result, with its numbers.
        power: what the test could have seen and what not; empty where the words say so.
        sources: ids of statements and links that it rests on.
    """

    mark: str
    words: str
    power: str = ""
    sources: tuple[str, ...] = ()


def title(known: KnownTable) -> str:
    """A known table by its title and date."""
    dated = f" (table of {date_in_words(known.dated)})" if known.dated else ""
    if known.counted:
        dated = f" (counted here on {date_in_words(known.dated)})" if known.dated else " (counted here)"
    return f"“{plain(known.title, LONGEST_TITLE)}”{dated}"


def findings(found: AdvertAssessment) -> tuple[Finding, ...]:
    """Every result once: the comparison with known tables, then the other tests, then what others said.

    What a test could have seen is said with its first result alone.
    """
    said: dict[str, Finding] = {}
    powers: set[str] = set()
    for one in (*_comparison(found), *_tests(found), *_contradictions(found)):
        said.setdefault(one.words, replace(one, power="") if one.power in powers else one)
        powers.add(one.power)
    return tuple(said.values())


def _comparison(found: AdvertAssessment) -> Iterator[Finding]:
    shown = found.shown
    for match in shown[:1]:
        yield from _agreement(found, match)
        yield from _not_compared(match)
        yield Finding("agrees" if found.found else "note", _strength(found, match), _power(match))
        yield from _beside(found, match)
    for match in shown[1:]:
        yield from _agreement(found, match)
    if len(shown) > 1:
        yield Finding(
            "note",
            "Known tables may be copies or parts of one another, so that agreement with several counts once.",
        )
    others = [one for one in found.matches if one not in shown]
    if others:
        other = plural(len(others), "other known table" if shown else "known table")
        verb = "was" if len(others) == 1 else "were"
        yield Finding(
            "note",
            f"{other} with countries or a total in common {verb} compared, and the advert's figures were not found "
            "there.",
            "",
            tuple(one.known.id for one in others[:MOST_NAMED]),
        )
    if found.left_out:
        yield Finding(
            "note",
            "Not compared, since the advert is about the same: "
            f"{listing([title(one) for one in found.left_out], MOST_NAMED)}.",
            "",
            tuple(one.id for one in found.left_out[:MOST_NAMED]),
        )


def _agreement(found: AdvertAssessment, match: Match) -> Iterator[Finding]:
    known = (match.known.id,)
    mark = "agrees" if match in found.found else "note"
    yield Finding(mark, f"Beside {title(match.known)}{pairing(match)}: {groups(match)}.", "", known)
    if match.differing:
        listed = listing([difference(row) for row in match.differing], MOST_NAMED)
        does = "figure does" if len(match.differing) == 1 else "figures do"
        yield Finding("differs", f"{len(match.differing)} {does} not agree: {listed}.", "", known)
    if _is_copy(match):
        yield Finding(
            "note",
            f"Every figure stands there too. If this is that same advert, --about {match.known.about} leaves it out.",
            "",
            known,
        )


def _beside(found: AdvertAssessment, match: Match) -> Iterator[Finding]:
    """Orders and prices, which are shown and never multiplied in."""
    known = (match.known.id,)
    order = found.orders.get(match.known.id)
    if order is not None:
        yield Finding(
            "note",
            f"The {order.countries} countries that both have stand in "
            f"{'the same order' if order.tau == 1 else 'another order'} of size (Kendall's tau {order.tau:.2f}). In "
            f"simulated tables that differ {factor(APART)} a country an order as close comes about by chance "
            f"{odds(order.tau_chance[APART])}. Orders follow from populations, so that this is no part of the result.",
            "",
            known,
        )
    prices = found.prices.get(match.known.id, ())
    if prices:
        same = [country_name(one.country) for one in prices if one.is_same]
        yield Finding(
            "note",
            f"Both name prices of {plural(len(prices), 'country', 'countries')}; the same for {listing(same, 8)}"
            ". Prices are round, so that this is no part of the result.",
            "",
            known,
        )


def _is_copy(match: Match) -> bool:
    """Whether the advert may be the known one itself, pasted."""
    same = all(row.said == row.known for row in match.rows)
    return same and match.alignment == "country" and not match.only_said and not match.known.counted


def _not_compared(match: Match) -> Iterator[Finding]:
    if match.left_out:
        names = listing([country_name(country) for country in match.left_out], MOST_NAMED)
        yield Finding(
            "note",
            "Not compared, since the known figure was read in reports of this advert alone and would agree whatever is "
            f"true: {names}.",
        )
    others = [country_name(country) for country in match.only_said if country not in match.left_out]
    if others:
        yield Finding(
            "note",
            f"{plural(len(others), 'country', 'countries')} of the advert could not be compared. The other table, as "
            f"it is kept here with a source for each figure, lacks {listing(others, MOST_NAMED)}.",
        )


def _strength(found: AdvertAssessment, match: Match) -> str:
    tables = (
        "the only known table" if len(found.known) == 1 else f"any of the {len(found.known)} known tables"
    )
    if match.conclusion == "found-if":
        return (
            f"If figures of unrelated tables typically differ {factor(APART, up=True)} or more from country to "
            f"country, the chance that they agree as closely with {tables} is {chance(match.sensitivity[APART])}."
        )
    said = (
        "If figures of unrelated tables have no more than their first two digits in common, the chance that they agree "
        f"as closely with {tables} is {chance(match.log10_p)}."
    )
    if match.conclusion != "found" or match.least_sigma is None:
        return said
    return (
        f"{said} If they have more in common, it stays below one in a million as long as they typically differ "
        f"{factor(max(match.least_sigma, _CLOSEST), up=True)} or more from country to country."
    )


def _power(match: Match) -> str:
    """What the comparison could have seen."""
    compared = plural(len(match.rows), "figure")
    if match.needed is None and len(match.rows) < LEAST_ROWS:
        return "Fewer than three figures are never called a table: one mistake of one reporter could explain them."
    if match.needed is None:
        return f"However well {compared} as round as these agreed, chance could not be ruled out."
    return (
        f"Of {compared} compared, any {match.needed} that agree in all digits given would have been enough."
    )


def _tests(found: AdvertAssessment) -> Iterator[Finding]:
    """What the other tests say; that of the fingerprint is told above in full."""
    for tested in found.tested:
        for one in tested.evidence:
            if one.test != "fingerprint":
                yield Finding(_MARKS[one.effect], one.words, one.power, one.sources)


def _contradictions(found: AdvertAssessment) -> Iterator[Finding]:
    for one in found.contradictions:
        others = tuple(known for known in one.statements if known != PASTED)
        yield Finding("disagree", one.words, "", others)
