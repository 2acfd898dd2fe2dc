"""How the figures of two tables agree, in words.

>>> chance(-9.0), chance(-3.4567), chance(-0.5)
('below one in a million', 'at most one in 2,800', 'not shown to be below one in ten')
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from floodmark.assessment.fingerprint.match import Match
from floodmark.assessment.fingerprint.rows import RowMatch
from floodmark.assessment.fingerprint.typing_errors import FAR, NEAR
from floodmark.assessment.report.assertion_words import number
from floodmark.reports.labels import country_name
from floodmark.reports.numbers import listing, plural

MOST_NAMES = 6
ROUNDED, SLIPPED = ("rounded", "cut off"), (*NEAR, *FAR)
HOW = {
    "exact": "the same",
    "rounded": "the same, rounded",
    "cut off": "the same, cut off",
    "bound": "within what was said",
    "one digit": "one digit differs",
    "transposed": "two digits swapped",
    "digit missing": "a digit is missing",
    "digit added": "a digit too many",
    "differs": "differs",
}


def chance(log10_p: float) -> str:
    """A bound on a chance as it may be printed: never below one in a million, never more than two digits."""
    if log10_p <= -6:
        return "below one in a million"
    if log10_p > -1:
        return "not shown to be below one in ten"
    odds = int(10.0**-log10_p)
    step = 10 ** (len(str(odds)) - 2)
    return f"at most one in {odds // step * step:,}"


def odds(simulated: float) -> str:
    """A share of simulated tables, none of them counting as one.

    >>> odds(0.0005), odds(0.0065), odds(0.6)
    ('once in 2,000 or less', 'about once in 150', 'often')
    """
    if simulated > 1 / 3:
        return "often"
    return (
        "once in 2,000 or less"
        if simulated <= 1 / 2000
        else f"about once in {float(f'{1 / simulated:.2g}'):,.0f}"
    )


def factor(sigma: float, *, up: bool = False) -> str:
    """How far figures typically lie apart under noise exp(N(0, sigma²)).

    >>> factor(0.25), factor(0.034, up=True)
    ('by a factor of 1.28', 'by a factor of 1.04')

    Args:
        sigma: 0.01 or more.
        up: whether to round up, where nothing less may be said.
    """
    percent = 100 * math.exp(sigma)
    return f"by a factor of {(math.ceil(round(percent, 6)) if up else round(percent)) / 100:.2f}"


def name(row: RowMatch) -> str:
    """The country of a row, or what it is instead."""
    return country_name(row.country) if row.country else "the total"


def agrees(row: RowMatch) -> bool:
    """Whether both say the same as far as they go, without a slip of typing to explain it."""
    return row.matches and row.how not in SLIPPED


def groups(match: Match) -> str:
    """How many rows agree in which way, as the middle of a sentence."""
    exact = [row for row in match.rows if row.how == "exact"]
    rounded = [row for row in match.rows if row.how in ROUNDED]
    bound = [row for row in match.rows if row.how == "bound"]
    slipped = [row for row in match.rows if row.how in SLIPPED]
    parts = [f"{plural(len(match.rows), 'figure is', 'figures are')} in both"]
    if exact:
        parts.append(f"{len(exact)} the same in every digit given ({_names(exact)})")
    if rounded:
        parts.append(
            f"{len(rounded)} the same as far as given, one of the two being rounded ({_names(rounded)})"
        )
    if bound:
        parts.append(f"{len(bound)} within what “over” or “up to” leaves open ({_names(bound)})")
    if slipped:
        shown = listing([f"{difference(row)}, {HOW[row.how]}" for row in slipped], 4)
        parts.append(f"{len(slipped)} that one slip of typing would explain ({shown})")
    parts.append(f"{len(match.differing) or 'none'} different")
    return f"{parts[0]}: {listing(parts[1:])}"


def difference(row: RowMatch) -> str:
    """What both say of a row."""
    return f"{name(row)} {number(row.said)} here and {number(row.known)} there"


def chances(match: Match) -> list[tuple[str, str]]:
    """What the chance of a match hangs on: what is taken for granted, and the chance then."""
    rows = [("only the first two digits are alike by nature", chance(match.log10_p))]
    return rows + [
        (f"unrelated tables typically differ {factor(sigma)} a country", chance(log10_p))
        for sigma, log10_p in sorted(match.sensitivity.items())
    ]


def pairing(match: Match) -> str:
    """How the rows were paired, where that was not by country; to follow the name of the known table."""
    if match.alignment == "scaled":
        return f", once its figures are multiplied by {match.factor:.4g}, as one further figure gives it"
    if match.alignment == "moved":
        moved = sum(bool(row.known_country) and row.known_country != row.country for row in match.rows)
        return f", where {plural(moved, 'figure stands', 'figures stand')} beside other countries"
    return ""


def result(row: RowMatch) -> str:
    """How a row agrees, and why it does not count where it does not."""
    moved = f" (of {country_name(row.known_country)})" if row.known_country not in ("", row.country) else ""
    unscored = f"; not counted: {row.unscored}" if row.unscored else ""
    return f"{HOW[row.how]}{moved}{unscored}"


def _names(rows: Sequence[RowMatch]) -> str:
    return listing([name(row) for row in rows], MOST_NAMES)
