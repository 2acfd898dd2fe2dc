"""How the figures of two tables agree, in words.

>>> chance(-9.0), chance(-3.4567), chance(-0.5)
('below one in a million', 'at most one in 2,800', 'not shown to be below one in ten')
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from floodmark.assessment.fingerprint.match import APART, Match
from floodmark.assessment.fingerprint.rows import FIRST, RowMatch
from floodmark.assessment.fingerprint.typing_errors import FAR, NEAR
from floodmark.assessment.report.assertion_words import number
from floodmark.reports.labels import country_name
from floodmark.reports.numbers import listing, plural

MOST_NAMES = 6
CLOSEST = math.log(1.001)
"""Nothing hangs on unrelated tables that are closer than this: nobody saw any."""
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
    FIRST: "the first digits are the same",
    "differs": "differs",
}

_OF_A_PRODUCT = {
    "exact": "the same product",
    "rounded": "the same product, rounded",
    "cut off": "the same product, cut off",
}
"""Of figures beside known ones times a factor, which are known to no more digits than the factor."""


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

    >>> factor(0.25), factor(0.034, up=True), factor(0.0042, up=True), factor(1e-7, up=True)
    ('by a factor of 1.28', 'by a factor of 1.04', 'by a factor of 1.005', 'by a factor of 1.001')

    Args:
        sigma: below `CLOSEST`, that is said.
        up: whether to round up, where nothing less may be said.
    """
    apart = math.exp(max(sigma, CLOSEST))
    decimals = 2 if apart >= 1.01 else 3
    units = apart * 10**decimals
    whole = math.ceil(round(units, 6)) if up else round(units)
    return f"by a factor of {whole / 10**decimals:.{decimals}f}"


def proviso(match: Match) -> str:
    """What the result of a match hangs on, after `provided that`."""
    apart = match.least_sigma if match.least_sigma is not None else APART
    return f"unrelated tables typically differ {factor(apart, up=True)} or more from country to country"


def times(match: Match) -> str:
    """The factor between two tables, as much of it as may be said; empty where there is none.

    >>> from floodmark.assessment.fingerprint.known import KnownTable
    >>> known = KnownTable(id="a", about="a", title="", dated="", counts={})
    >>> def scaled(by): return Match(known=known, rows=(), log10_p=0, conclusion="found", alignment="scaled", factor=by)
    >>> times(scaled(1.1000000067)), times(scaled(0.0612998)), times(scaled(12_345.6)), times(scaled(3.0))
    ('1.1', '0.0613', '12,350', '3')
    """
    if match.alignment != "scaled":
        return ""
    decimals = 3 - math.floor(math.log10(match.factor))
    said = f"{round(match.factor, decimals):,.{max(0, decimals)}f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def name(row: RowMatch) -> str:
    """The country of a row, or what it is instead."""
    return country_name(row.country) if row.country else "the total"


def agrees(row: RowMatch) -> bool:
    """Whether both say the same as far as they go, with nothing to explain."""
    return row.matches and row.how not in (*SLIPPED, FIRST)


def groups(match: Match) -> str:
    """How many rows agree in which way, as the middle of a sentence."""

    def of(*ways: str) -> list[RowMatch]:
        return [row for row in match.rows if row.how in ways]

    exact, rounded, bound = of("exact"), of(*ROUNDED), of("bound")
    slipped, leading = of(*SLIPPED), of(FIRST)
    parts = []
    if exact:
        parts.append(f"{len(exact)} the same in every digit given ({_names(exact)})")
    if rounded:
        far = (
            "given, one of the two being rounded" if match.alignment != "scaled" else "figures and factor go"
        )
        parts.append(f"{len(rounded)} the same as far as {far} ({_names(rounded)})")
    if bound:
        parts.append(f"{len(bound)} within what “over” or “up to” leaves open ({_names(bound)})")
    if slipped:
        shown = _parted([f"{difference(row, match)}, {HOW[row.how]}" for row in slipped], 4)
        parts.append(f"{len(slipped)} that one slip of typing would explain ({shown})")
    if leading:
        shown = _parted([difference(row, match) for row in leading], 4)
        parts.append(f"{len(leading)} the same in the first digits alone ({shown})")
    parts.append(f"{len(match.differing) or 'none'} different")
    beside = f" with {times(match)} times the known ones" if match.alignment == "scaled" else ""
    return f"{plural(len(match.rows), 'figure')} can be compared{beside}: {listing(parts)}"


def known_figure(row: RowMatch, match: Match) -> str:
    """The known figure of a row as it was read, with the factor where there is one."""
    return f"{number(row.original)} × {times(match)}" if row.original is not None else number(row.known)


def differences(match: Match, most: int) -> str:
    """What both say of the rows that differ."""
    return _parted([difference(row, match) for row in match.differing], most)


def difference(row: RowMatch, match: Match) -> str:
    """What both say of a row."""
    if row.original is not None:
        return f"{name(row)} {number(row.said)} beside {known_figure(row, match)}"
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
        return ", where one further figure gives the factor"
    if match.alignment == "moved":
        moved = sum(bool(row.known_country) and row.known_country != row.country for row in match.rows)
        return f", where {plural(moved, 'figure stands', 'figures stand')} beside other countries"
    return ""


def result(row: RowMatch) -> str:
    """How a row agrees, and why it does not count where it does not."""
    moved = f" (of {country_name(row.known_country)})" if row.known_country not in ("", row.country) else ""
    unscored = f"; not counted: {row.unscored}" if row.unscored else ""
    if row.original is not None and row.matches:
        return f"{_OF_A_PRODUCT.get(row.how, HOW[row.how])}{unscored}"
    return f"{HOW[row.how]}{moved}{unscored}"


def _names(rows: Sequence[RowMatch]) -> str:
    return listing([name(row) for row in rows], MOST_NAMES)


def _parted(items: Sequence[str], most: int) -> str:
    """Items that may have commas of their own, as one phrase."""
    more = [f"and {len(items) - most} more"] if len(items) > most else []
    return "; ".join([*items[:most], *more])
