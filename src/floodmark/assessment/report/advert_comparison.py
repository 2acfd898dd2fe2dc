"""What the comparison of an advert with known tables found, a sentence or two for each result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from floodmark.assessment.advert import AdvertAssessment
from floodmark.assessment.fingerprint.match import APART, LEAST_ROWS, LEAST_SHARE, Match
from floodmark.assessment.report.advert_headline import uncompared
from floodmark.assessment.report.assertion_words import number
from floodmark.assessment.report.known_words import any_of, title
from floodmark.assessment.report.row_words import (
    agrees,
    chance,
    differences,
    factor,
    groups,
    odds,
    pairing,
    proviso,
)
from floodmark.reports.labels import country_name
from floodmark.reports.numbers import listing, plural

MOST_NAMED = 8


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


def comparison(found: AdvertAssessment) -> Iterator[Finding]:
    """The matches that are told in full, then what came of all other known tables."""
    shown = found.shown
    for match in shown[:1]:
        yield from _agreement(found, match)
        yield from _not_compared(found, match)
        yield Finding(_mark(found, match), _strength(found, match), _power(match))
        yield from _beside(found, match)
    for match in shown[1:]:
        yield from _agreement(found, match)
    if sum(not one.known.statistic for one in shown) > 1:
        yield Finding(
            "note",
            "Known tables may be copies or parts of one another, so that agreement with several counts once.",
        )
    others = [one for one in found.matches if one not in shown]
    yield from _same_total(found, others)
    yield from _others(others, bool(shown))
    if found.left_out:
        yield Finding(
            "note",
            "Not compared, since the advert is about the same: "
            f"{listing([title(one) for one in found.left_out], MOST_NAMED)}.",
            "",
            tuple(one.id for one in found.left_out[:MOST_NAMED]),
        )


def _mark(found: AdvertAssessment, match: Match) -> str:
    if match not in found.found:
        return "note"
    return "flag" if match.known.statistic else "agrees"


def _agreement(found: AdvertAssessment, match: Match) -> Iterator[Finding]:
    known = (match.known.id,)
    beside = f"Beside {title(match.known)}{pairing(match)}, {groups(match)}."
    yield Finding(_mark(found, match), beside, "", known)
    if match.differing:
        does = "figure does" if len(match.differing) == 1 else "figures do"
        listed = differences(match, MOST_NAMED)
        yield Finding("differs", f"{len(match.differing)} {does} not agree: {listed}.", "", known)
    if match in found.found and match.known.statistic:
        yield Finding(
            "flag",
            "Figures that follow a statistic of countries can be worked out from it by anybody, without any data.",
            "",
            known,
        )
    if _is_copy(match):
        yield Finding(
            "note",
            "Every figure is the same in the other table. If this is that same advert, --about "
            f"{match.known.about} leaves it out.",
            "",
            known,
        )


def _is_copy(match: Match) -> bool:
    """Whether the advert may be the known one itself, pasted."""
    same = all(row.said == row.known for row in match.rows)
    is_said = not (match.known.counted or match.known.statistic)
    return same and match.alignment == "country" and not match.only_said and is_said


def _not_compared(found: AdvertAssessment, match: Match) -> Iterator[Finding]:
    circular = [country for country in match.left_out if country not in match.later]
    for countries, why in (
        (circular, "was read in reports of this advert alone and would agree whatever is true"),
        (match.later, "was read in texts of a later year than the advert, and may be the advert's own"),
    ):
        if countries:
            names = listing([country_name(country) for country in countries], MOST_NAMED)
            yield Finding("note", f"Not compared, since the known figure {why}: {names}.")
    placed = {row.country for row in match.rows} | set(match.left_out)
    lacking = [country_name(country) for country in match.only_said if country not in placed]
    if lacking:
        yield Finding(
            "note",
            f"{plural(len(lacking), 'country', 'countries')} of the advert could not be compared. The other table, as "
            f"it is kept here with a source for each figure, lacks {listing(lacking, MOST_NAMED)}.",
        )
    total = found.advert.total is not None and "" not in placed
    if total and uncompared(found, match):
        why = "the other table has none" if match.known.total is None else "the factor is not one of totals"
        yield Finding("note", f"The total was not compared: {why}.")
    kept = set(found.advert.table.counts) - placed - set(match.only_said)
    if match.alignment == "moved" and kept:
        yield Finding(
            "note",
            f"{plural(len(kept), 'figure')} with fewer than five digits could stand beside many a country, and "
            f"{'was' if len(kept) == 1 else 'were'} not compared.",
        )


def _strength(found: AdvertAssessment, match: Match) -> str:
    if match.conclusion == "found-if":
        return (
            f"Provided that {proviso(match)}, the chance that figures agree as closely with {any_of(found)} is below "
            "one in a million."
        )
    said = (
        "If figures of unrelated tables have no more than their first two digits in common, the chance that they agree "
        f"as closely with {any_of(found)} is {chance(match.log10_p)}."
    )
    if match.conclusion != "found" or match.least_sigma is None:
        return said
    return (
        f"{said} If they have more in common, it stays below one in a million provided that {proviso(match)}."
    )


def _power(match: Match) -> str:
    """What the comparison could have seen."""
    compared = plural(len(match.rows), "figure")
    few = len(match.matching) if match.conclusion == "partly" else len(match.rows)
    if few < LEAST_ROWS and (match.needed is None or match.conclusion == "partly"):
        return "Fewer than three figures are never called a table: one mistake of one reporter could explain them."
    if match.conclusion == "partly" and match.share < LEAST_SHARE:
        return (
            "Less than a quarter of an advert's figures is never called its table: so few can have been taken from "
            "anywhere."
        )
    if match.conclusion == "partly":
        return "Where more figures differ than agree, nothing is called the same table."
    if match.needed is None and match.telling < LEAST_ROWS:
        have = f"{match.telling or 'none'} {'has' if match.telling <= 1 else 'have'}"
        return f"Of {compared} compared, {have} enough digits to tell: too few to rule chance out, however they agree."
    if match.needed is None:
        return f"However well these {compared} agreed, they are too few or too round to rule chance out."
    return (
        f"Of {compared} compared, any {match.needed} of the {match.telling} with enough digits would have been enough, "
        "had they agreed in all of them."
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


def _same_total(found: AdvertAssessment, matches: Sequence[Match]) -> Iterator[Finding]:
    """Tables of which there is no more to say than that they have the same total."""
    same = [
        one.known for one in matches if len(one.rows) == 1 and not one.rows[0].country and agrees(one.rows[0])
    ]
    if same and found.advert.total is not None:
        yield Finding(
            "note",
            f"The total, {number(found.advert.total)}, is that of {listing([title(one) for one in same], MOST_NAMED)} "
            "as well. One figure alone does not tell where it is from.",
            "",
            tuple(one.id for one in same[:MOST_NAMED]),
        )


def _others(matches: Sequence[Match], is_further: bool) -> Iterator[Finding]:
    """What came of the tables that are not told in full, each kind of result by itself."""
    other = "other " if is_further else ""
    for conclusion, one, many in (
        ("partly", "shares a few figures with it, too few to be the same table", "share a few figures with it, too few"
         " to be the same table"),
        ("not-found", "was compared, and the advert's figures were not found there", "were compared, and the advert's"
         " figures were not found there"),
        ("cannot-tell", "has too few figures in common with it, or too round ones, to tell", "have too few figures in"
         " common with it, or too round ones, to tell"),
    ):  # fmt: skip
        leaks = [
            each.known.id for each in matches if each.conclusion == conclusion and not each.known.statistic
        ]
        if leaks:
            said = plural(len(leaks), f"{other}known table")
            yield Finding(
                "note", f"{said} {one if len(leaks) == 1 else many}.", "", tuple(leaks[:MOST_NAMED])
            )
    followed = [each.known for each in matches if each.known.statistic and each.conclusion == "not-found"]
    if followed:
        yield Finding(
            "note",
            f"The figures do not follow {listing([title(each) for each in followed])}.",
            "",
            tuple(each.id for each in followed),
        )
