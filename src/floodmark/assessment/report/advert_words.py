"""The assessment of an advert in sentences that every form of output shares.

Whoever prints one answers for it: a sentence says what was compared and what came out, with its numbers, and no more
than its test can bear. It judges tables; of people, of companies and of what they meant it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from floodmark.assessment.admiralty import SAYINGS, Grade
from floodmark.assessment.advert import Advert, AdvertAssessment
from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.fingerprint.match import APART, Match
from floodmark.assessment.report import advert_limits
from floodmark.assessment.report.assertion_words import in_words, number
from floodmark.assessment.report.row_words import chance, difference, factor, groups, pairing
from floodmark.reports.labels import country_name, plain
from floodmark.reports.numbers import listing, plural
from floodmark.reports.partial_dates import in_words as date_in_words

LONGEST_TITLE = 120
GRADE = Grade("F", "6")
"""Of every advert: the program keeps no record of sellers, and no advert shows that what it offers exists."""
_STATES = {
    "supported": "supported",
    "contradicted": "contradicted",
    "untestable": "cannot be tested",
    "untested": "not tested",
}
_CREDIBILITY = {"supported": "2", "contradicted": "4", "untestable": "6", "untested": "6"}
"""On the Admiralty scale. One program is not several sources, so that it confirms nothing and rules nothing out."""
_MARKS = {
    "supports": "supports",
    "contradicts": "contradicts",
    "flags": "flag",
    "unremarkable": "note",
    "cannot-tell": "cannot-tell",
}
_CLOSEST = 0.01
"""Nobody saw unrelated tables that were closer, so that less is not said."""
_PROVISO = "provided that tables of unrelated sets differ by about a quarter or more from country to country"


@dataclass(frozen=True)
class Finding:
    """A result in words.

    Attributes:
        mark: `agrees`, `differs`, `flag`, `supports`, `contradicts`, `cannot-tell` or `note`.
        words: the result, with its numbers.
        power: what the test could have seen and what not; empty where the words say so.
        sources: ids of statements and links that it rests on.
    """

    mark: str
    words: str
    power: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Claim:
    """An assertion of the advert in words.

    Attributes:
        words: what is claimed.
        state: what all tests together make of it, in words.
        credibility: its place on the Admiralty scale, with the meaning.
    """

    words: str
    state: str
    credibility: str


@dataclass(frozen=True)
class AdvertWords:
    """All sentences of an assessment, section by section.

    Attributes:
        headline: the result in a sentence.
        assessed: what was looked at.
        remarks: what was not clear in it, each with its line where it has one.
        claims: what it says that can be tested, and what came of it.
        findings: what came out.
        not_shown: what that does not show.
        cannot_tell: what no advert can tell.
        settle: what would settle it.
        certainty: how sure it is, by scales that others know.
    """

    headline: str
    assessed: tuple[str, ...]
    remarks: tuple[str, ...]
    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]
    not_shown: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    settle: tuple[str, ...]
    certainty: tuple[str, ...]


def words(found: AdvertAssessment) -> AdvertWords:
    """An assessment in sentences."""
    return AdvertWords(
        headline=headline(found),
        assessed=tuple(_assessed(found)),
        remarks=tuple(_remarks(found.advert)),
        claims=tuple(_claims(found)),
        findings=tuple(dict.fromkeys([*_findings(found), *_tests(found)])),
        not_shown=tuple(advert_limits.not_shown(found)),
        cannot_tell=advert_limits.CANNOT_TELL,
        settle=tuple(advert_limits.settle(found)),
        certainty=tuple(_certainty(found)),
    )


def title(known: KnownTable) -> str:
    """A known table by its title and date."""
    dated = f" ({date_in_words(known.dated)})" if known.dated else ""
    return f"“{plain(known.title, LONGEST_TITLE)}”{dated}"


def headline(found: AdvertAssessment) -> str:
    """The result in a sentence."""
    if found.result in ("repeats", "repeats-if"):
        best = found.found[0]
        rounded = any(row.matches and row.how != "exact" for row in best.rows)
        given = ", as far as they are given," if rounded else ""
        return f"{_how_many(best)}{given} with those of {title(best.known)}{_and_others(found.found[1:])}."
    return {
        "partly": "A part of the figures agrees with a known table, and the rest does not.",
        "not-found": f"None of the {plural(len(found.known), 'known table')} compared has the advert's figures.",
        "cannot-tell": "The advert gives too little to tell whether its figures are those of a known table.",
        "nothing-known": "No known table names a figure that the advert names, so nothing could be compared.",
        "no-numbers": "The advert gives no figures, so nothing could be compared.",
    }[found.result]


def _how_many(match: Match) -> str:
    agree, of = len(match.matching), len(match.rows)
    if agree == of:
        return f"All {of} figures that could be compared agree" if of > 1 else "The only figure agrees"
    return f"{agree} of the {of} figures that could be compared agree"


def _and_others(others: tuple[Match, ...]) -> str:
    return f", and others with {listing([title(one.known) for one in others], 3)}" if others else ""


def _assessed(found: AdvertAssessment) -> Iterator[str]:
    advert = found.advert
    yield _what(advert)
    if advert.sha256:
        yield f"Read from {advert.name} ({plural(advert.size, 'byte')}, SHA-256 {advert.sha256})."
    yield from (plain(sentence, 600) for sentence in advert.understood)
    yield "The words and figures of the advert were assessed. None of the data that it offers was seen."


def _what(advert: Advert) -> str:
    statement = advert.statement
    counts, total = advert.table.counts, advert.total
    parts = [f"a table of {plural(len(counts), 'country', 'countries')}"] if counts else []
    if total is not None:
        parts.append(f"a total of {number(total)}")
    which = "The advert" if advert.sha256 else f"The advert of statement {statement.id}"
    when = f"dated {date_in_words(statement.said_on)}" if statement.said_on else "whose date was not given"
    return f"{which}, {when}, has {listing(parts) if parts else 'no figures'}."


def _findings(found: AdvertAssessment) -> Iterator[Finding]:
    shown = found.found or found.matches[:1]
    for match in shown:
        yield from _match(found, match)
    others = [one for one in found.matches if one not in shown]
    if others:
        yield Finding(
            "note",
            f"{plural(len(others), 'other known table')} with figures of the same countries "
            f"{'was' if len(others) == 1 else 'were'} compared; the figures do not agree beyond chance.",
        )
    if found.left_out:
        yield Finding(
            "note",
            f"Left out, since they are of the advert itself: {listing([title(one) for one in found.left_out], 4)}.",
        )


def _tests(found: AdvertAssessment) -> Iterator[Finding]:
    """What the other tests say, and what others said of the same thing."""
    for tested in found.tested:
        for one in tested.evidence:
            if one.test != "fingerprint":
                yield Finding(_MARKS[one.effect], one.words, one.power, one.sources)
    for contradiction in found.contradictions:
        yield Finding("differs", contradiction.words, "", contradiction.statements)


def _claims(found: AdvertAssessment) -> Iterator[Claim]:
    for tested in found.tested:
        sign = _CREDIBILITY[tested.state]
        yield Claim(in_words(tested.assertion), _STATES[tested.state], f"{sign} ({SAYINGS[sign]})")


def _remarks(advert: Advert) -> Iterator[str]:
    for one in advert.remarks:
        where = "" if one.line is None else f"Line {one.line}: "
        yield where + plain(one.words, 600)


def _match(found: AdvertAssessment, match: Match) -> Iterator[Finding]:
    known = (match.known.id,)
    mark = "agrees" if match in found.found else "note"
    yield Finding(mark, f"Beside {title(match.known)}{pairing(match)}: {groups(match)}.", "", known)
    if match.differing:
        listed = listing([difference(row) for row in match.differing], 8)
        does = "figure that does" if len(match.differing) == 1 else "figures that do"
        yield Finding("differs", f"{len(match.differing)} {does} not agree: {listed}.", "", known)
    yield from _not_compared(match)
    yield Finding(mark, _strength(found, match), _power(match))


def _not_compared(match: Match) -> Iterator[Finding]:
    if match.left_out:
        names = listing([country_name(country) for country in match.left_out], 8)
        yield Finding(
            "note",
            f"Left out, since the known figure was read in reports of this advert alone and would agree whatever is "
            f"true: {names}.",
        )
    others = len([country for country in match.only_said if country not in match.left_out])
    if others:
        yield Finding(
            "note",
            f"{plural(others, 'country', 'countries')} of the advert could not be compared: the other table, as it is "
            "kept here with a source for each figure, has none of them.",
        )


def _strength(found: AdvertAssessment, match: Match) -> str:
    tables = "the only table" if len(found.known) == 1 else f"any of the {len(found.known)} tables"
    if match.conclusion == "found-if":
        return (
            f"The chance that unrelated figures agree as closely with {tables} compared is "
            f"{chance(match.sensitivity[APART])}, {_PROVISO}."
        )
    said = (
        f"The chance that figures of which only the first two digits are alike by nature agree as closely with "
        f"{tables} compared is {chance(match.log10_p)}"
    )
    if match.least_sigma is None:
        return f"{said}."
    return (
        f"{said}. It is below one in a million, too, if unrelated tables are alike by nature in more than that, as "
        f"long as they typically differ {factor(max(match.least_sigma, _CLOSEST))} or more from country to country."
    )


def _power(match: Match) -> str:
    """What the comparison could have seen."""
    compared = plural(len(match.rows), "figure")
    if match.needed is None:
        return f"With {compared} as round as these, no agreement is close enough to rule chance out."
    return (
        f"Of {compared} compared, any {match.needed} that agree in all digits given would have been enough."
    )


def _which_first(match: Match) -> str:
    """Which of two tables is older, where their dates say so."""
    dated = date_in_words(match.known.dated) if match.known.dated else ""
    return {
        "before": f"The other table is the older one by its date, {dated}.",
        "after": f"The advert is the older one by its date; the other table is dated {dated}.",
        "": "Their dates do not say which of the two tables is older.",
    }[match.order]


def _certainty(found: AdvertAssessment) -> Iterator[str]:
    if found.likelihood is not None:
        best = found.found[0]
        proviso = f", {_PROVISO}" if best.conclusion == "found-if" else ""
        yield _which_first(best)
        yield (
            f"It is {found.likelihood} that this table and {title(best.known)} have a common origin: that one was made "
            f"from the other, or both from a third{proviso}."
        )
        yield (
            "The word and its range (ICD 203) stand by convention for a chance below one in a million: they are a "
            "judgement about two tables, and no measurement."
        )
    yield f"Admiralty grade of the offer {GRADE}."
