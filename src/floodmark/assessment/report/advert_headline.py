"""The result of an assessment in a sentence or two, which may be all that anybody quotes.

So it has in it what limits the result: how many figures could not be compared, by what they were multiplied, and what
the result hangs on.
"""

from __future__ import annotations

from floodmark.assessment.advert import AdvertAssessment
from floodmark.assessment.fingerprint.match import Match
from floodmark.assessment.fingerprint.rows import FIRST, RowMatch
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
        "nothing-known": "No known table has a figure of what the advert names, so that none could be compared.",
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
    which = "that could be compared" if other or times(match) else "of the advert"
    known = f"{f'{times(match)} times ' if times(match) else ''}those of {title(match.known)}{pairing(match)}"
    figures = "figure" if other == 1 else f"{other} figures"
    missing = f"; the advert's other {figures} could not be compared" if other else ""
    agreeing = [row for row in match.rows if agrees(row)]
    if not agreeing:
        return f"{_near(match, which)} {known}{missing}"
    far = "figures and factor go" if times(match) else "they are given"
    given = f", as far as {far}," if any(row.how != "exact" for row in agreeing) else ""
    if of == 1:
        return f"The only figure {which} agrees{given} with {known}{missing}"
    all_of = f"All {of}" if len(agreeing) == of else f"{len(agreeing)} of the {of}"
    return f"{all_of} figures {which} agree{given} with {known}{_more(match)}{missing}"


def _more(match: Match) -> str:
    """Figures beside those that agree which nearly do."""
    slipped, leading = _nearly(match)
    parts = []
    if slipped:
        parts.append(
            f"{len(slipped)} more would but for one slip of typing{' each' if len(slipped) > 1 else ''}"
        )
    if leading:
        parts.append(f"{len(leading)} more {'have' if len(leading) > 1 else 'has'} the same first digits")
    return "".join(f"; {one}" for one in parts)


def _near(match: Match, which: str) -> str:
    """How figures stand to the known ones of which none agrees in full; to be followed by those."""
    slipped, leading = _nearly(match)
    of, parts = len(match.rows), []
    if slipped:
        is_digit = all(row.how in NEAR and row.how != "transposed" for row in slipped)
        parts.append((len(slipped), f"{'one digit' if is_digit else 'one slip of typing'} from"))
    if leading:
        parts.append((len(leading), "alike in the first digits alone to"))
    if len(parts) == 1 and parts[0][0] == of:
        return (
            f"All {of} figures {which} are {parts[0][1]}"
            if of > 1
            else f"The only figure {which} is {parts[0][1]}"
        )
    shown = [f"{count} {'is' if count == 1 else 'are'} {words}" for count, words in parts]
    return f"Of the {of} figures {which}, none agrees in full, but {listing(shown)}"


def _nearly(match: Match) -> tuple[list[RowMatch], list[RowMatch]]:
    """Rows that a slip of typing explains, and those of which only the first digits are the same."""
    return [row for row in match.rows if row.how in SLIPPED], [row for row in match.rows if row.how == FIRST]


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
