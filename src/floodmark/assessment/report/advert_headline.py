"""The result of an assessment in a sentence or two, which may be all that anybody quotes.

So it has in it what limits the result: how many figures could not be compared, by what they were multiplied, and what
the result hangs on.
"""

from __future__ import annotations

from floodmark.assessment.advert import AdvertAssessment
from floodmark.assessment.fingerprint.match import Match
from floodmark.assessment.fingerprint.rows import FIRST
from floodmark.assessment.fingerprint.typing_errors import NEAR
from floodmark.assessment.report.known_words import any_of, title
from floodmark.assessment.report.row_words import SLIPPED, agrees, pairing, proviso, times
from floodmark.reports.numbers import listing, plural


def headline(found: AdvertAssessment) -> str:
    """The result."""
    best = next(iter(found.shown), None)
    if best is not None and found.result in ("repeats", "repeats-if", "statistic", "partly"):
        return " ".join(filter(None, [f"{_figures(found, best)}.", _limit(found, best)]))
    return {
        "not-found": f"The advert's figures were not found in {_enough(found)}.",
        "cannot-tell": "The advert gives too little to tell whether its figures are those of a known table.",
        "nothing-known": "No known table has a figure of what the advert names, so that it was compared with none.",
        "no-numbers": "The advert gives no count and no total, so that no figure could be compared.",
    }[found.result]


def uncompared(found: AdvertAssessment, match: Match) -> int:
    """How many of the advert's figures stand beside none; the one that gives a factor is not among them."""
    return found.advert.figures - len(match.rows) - (match.alignment == "scaled")


def is_whole(found: AdvertAssessment, match: Match) -> bool:
    """Whether all that the advert has agrees, figure by figure, so that it may be called the table."""
    return (
        match.alignment == "country"
        and not uncompared(found, match)
        and all(agrees(row) for row in match.rows)
    )


def _figures(found: AdvertAssessment, match: Match) -> str:
    """How many figures agree, of how many that could be compared, and with those of which table."""
    of, other = len(match.rows), uncompared(found, match)
    agreeing = [row for row in match.rows if agrees(row)]
    slipped = [row for row in match.rows if row.how in SLIPPED]
    leading = [row for row in match.rows if row.how == FIRST]
    compared = "that could be compared" if other or times(match) else "of the advert"
    known = f"{f'{times(match)} times ' if times(match) else ''}those of {title(match.known)}{pairing(match)}"
    missing = {0: "", 1: "; the advert's other figure could not be compared"}.get(
        other, f"; the advert's other {other} figures could not be compared"
    )
    near = [
        "are one digit from"
        if all(row.how in NEAR and row.how != "transposed" for row in slipped)
        else "are one slip of typing from",
        "have only the first digits in common with",
    ]
    parts = [(len(rows), words) for rows, words in zip((slipped, leading), near, strict=True) if rows]
    if not agreeing and len(parts) == 1 and parts[0][0] == of:
        which = f"All {of} figures" if of > 1 else "The only figure"
        verb = parts[0][1] if of > 1 else parts[0][1].replace("are", "is").replace("have", "has")
        return f"{which} {compared} {verb} {known}{missing}"
    if not agreeing and parts:
        shown = listing([f"{count} {words}" for count, words in parts])
        return f"Of the {of} figures {compared}, {shown} {known}{missing}"
    far = "figures and factor go" if times(match) else "they are given"
    given = f", as far as {far}," if any(row.how != "exact" for row in agreeing) else ""
    if of == 1:
        return f"The only figure {compared} agrees with {known}{missing}"
    which = f"All {of} figures" if len(agreeing) == of else f"{len(agreeing) or 'None'} of the {of} figures"
    more = [f"{len(slipped)} more would but for one slip of typing{' each' if len(slipped) > 1 else ''}"]
    more = more if slipped else []
    more += (
        [f"{len(leading)} more {'have' if len(leading) > 1 else 'has'} the same first digits"]
        if leading
        else []
    )
    return f"{which} {compared} agree{given} with {known}{''.join(f'; {one}' for one in more)}{missing}"


def _limit(found: AdvertAssessment, match: Match) -> str:
    if found.result == "partly":
        return "That is too little to say that the tables are the same."
    if match.conclusion == "found-if":
        return f"This tells something only provided that {proviso(match)}."
    return ""


def _enough(found: AdvertAssessment) -> str:
    """The known tables in which they would have been found."""
    enough = sum(one.conclusion == "not-found" and not one.known.statistic for one in found.matches)
    if enough == len(found.leaks):
        return any_of(found)
    which = "the one known table" if enough == 1 else f"any of the {enough} known tables"
    return f"{which}, of {plural(len(found.leaks), 'table')}, that {'has' if enough == 1 else 'have'} enough in common"
