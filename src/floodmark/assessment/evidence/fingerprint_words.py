"""In words, how an advert's figures stand to a table that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from floodmark.assessment.contradictions.claims import days_of
from floodmark.assessment.contradictions.sentences import said_by
from floodmark.assessment.statements.statement import Statement
from floodmark.reports.labels import plain
from floodmark.reports.numbers import plural
from floodmark.reports.partial_dates import in_words as date_in_words

if TYPE_CHECKING:
    from floodmark.assessment.fingerprint.match import Match

_AS_SAID = ("exact", "rounded", "cut off", "bound")


def of_leak(advert: Statement, best: Match, tables: int) -> str:
    """How an advert's figures stand to those of the nearest of several tables of leaks, in a sentence."""
    return f"In the table of {said_by(advert)}, {_figures(best)} {_verdict(best, tables)}"


def of_statistic(advert: Statement, found: Match) -> str:
    """That an advert's figures are those of a statistic of countries, in a sentence."""
    title = plain(found.known.title)
    return (
        f"In the table of {said_by(advert)}, {_figures(found)} follow a statistic, “{title}”{_pairing(found)}: they may"
        " have been made from it."
    )


def _figures(best: Match) -> str:
    """How many of the advert's figures agree, of those that could be compared, of those that it has."""
    rows, agreeing = len(best.rows), len(best.matching)
    as_said = sum(row.how in _AS_SAID for row in best.matching)
    lacking = best.advert_rows - sum(bool(row.country) for row in best.rows)
    compared = plural(rows, "figure")
    if lacking > 0:
        compared = f"the {compared} that could be compared, out of {best.advert_rows},"
    if as_said == agreeing:
        return f"{as_said or 'none'} of {compared}"
    slipped = "but for a slip of typing or the last digits"
    if not as_said:
        return f"{agreeing} of {compared} {slipped}"
    return f"{as_said} of {compared} and {agreeing - as_said} more {slipped}"


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
    if not best.known.dated:
        return "without a date"
    on = date_in_words(best.known.dated) if days_of(best.known.dated) else plain(best.known.dated)
    return f"counted here on {on}" if best.known.counted else on
