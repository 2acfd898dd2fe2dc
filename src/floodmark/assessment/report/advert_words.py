"""The assessment of an advert in sentences that every form of output shares.

Whoever prints one answers for it: a sentence says what was compared and what came out, with its numbers, and no more
than its test can bear. It judges tables; of people, of companies and of what they meant it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from floodmark.assessment.admiralty import SAYINGS
from floodmark.assessment.advert import AdvertAssessment
from floodmark.assessment.advert_reading import Advert
from floodmark.assessment.evidence.unsettled import unsettled
from floodmark.assessment.report import advert_limits
from floodmark.assessment.report.advert_certainty import certainty, credibility
from floodmark.assessment.report.advert_comparison import Finding
from floodmark.assessment.report.advert_findings import findings
from floodmark.assessment.report.advert_headline import headline
from floodmark.assessment.report.assertion_words import in_words, number
from floodmark.assessment.report.known_words import title
from floodmark.reports.labels import plain
from floodmark.reports.numbers import listing, plural
from floodmark.reports.partial_dates import in_words as date_in_words

LONGEST = 600  # of a sentence that was made from what a file says
_STATES = {
    "supported": "evidence for it",
    "contradicted": "evidence against it",
    "untestable": "cannot be told",
    "untested": "not tested",
}


@dataclass(frozen=True)
class Claim:
    """An assertion of the advert in words.

    Attributes:
        words: what is claimed.
        state: what all tests together make of it, in words.
        why: the evidence that settles it, or what it would take.
        credibility: its place on the Admiralty scale, with the meaning.
    """

    words: str
    state: str
    why: str
    credibility: str


@dataclass(frozen=True)
class AdvertWords:
    """All sentences of an assessment, section by section.

    Attributes:
        headline: the result in a sentence or two.
        synthetic: which tables that are shown are of made-up data, in a sentence; empty where none is.
        assessed: what was looked at.
        remarks: what was not clear in it.
        findings: what came out.
        claims: what it says that can be tested, and what came of it.
        not_shown: what that does not show.
        cannot_tell: what no advert can tell.
        settle: what would settle it.
        certainty: how sure it is, by scales that others know.
    """

    headline: str
    synthetic: str
    assessed: tuple[str, ...]
    remarks: tuple[str, ...]
    findings: tuple[Finding, ...]
    claims: tuple[Claim, ...]
    not_shown: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    settle: tuple[str, ...]
    certainty: tuple[str, ...]


def words(found: AdvertAssessment) -> AdvertWords:
    """An assessment in sentences."""
    return AdvertWords(
        headline=headline(found),
        synthetic=synthetic_note(found),
        assessed=tuple(_assessed(found.advert)),
        remarks=tuple(_remarks(found.advert)),
        findings=findings(found),
        claims=tuple(_claims(found)),
        not_shown=tuple(advert_limits.not_shown(found)),
        cannot_tell=advert_limits.CANNOT_TELL,
        settle=tuple(advert_limits.settle(found)),
        certainty=tuple(certainty(found)),
    )


def synthetic_note(found: AdvertAssessment) -> str:
    """Which of the tables that are told in full are of made-up data, in a sentence; empty where none is."""
    made_up = [title(one.known) for one in found.shown if one.known.synthetic]
    return f"SYNTHETIC DATA: {listing(made_up)} describes no real leak." if made_up else ""


def _assessed(advert: Advert) -> Iterator[str]:
    statement, counts = advert.statement, advert.table.counts
    parts = [f"a table of {plural(len(counts), 'country', 'countries')}"] if counts else []
    if prices := advert.table.prices:
        parts.append(f"prices of {plural(len(prices), 'country', 'countries')}")
    if advert.total is not None:
        parts.append(f"a total of {number(advert.total)}")
    which = f"The advert of statement {statement.id}" if advert.is_recorded else "The advert"
    if statement.kind != "advert":
        kind = statement.kind.replace("-", " ")
        which = f"Statement {statement.id} ({kind}), whose figures are assessed as an advert's"
    when = f"dated {date_in_words(statement.said_on)}" if statement.said_on else "whose date was not given"
    yield f"{which}, {when}, has {listing(parts) if parts else 'no figures'}."
    if advert.sha256:
        yield f"It was read from {advert.name} ({plural(advert.size, 'byte')}, SHA-256 {advert.sha256})."
    yield from (plain(sentence, LONGEST) for sentence in advert.understood)
    yield "Its words and figures were assessed. Nothing of the data that it offers was seen."


def _remarks(advert: Advert) -> Iterator[str]:
    for one in advert.remarks:
        yield plain(one.words, LONGEST)


def _claims(found: AdvertAssessment) -> Iterator[Claim]:
    for tested in found.tested:
        sign = credibility(tested)
        why = unsettled(tested) or tested.evidence[0].words
        state = "not settled" if tested.state == "untested" and tested.evidence else _STATES[tested.state]
        yield Claim(in_words(tested.assertion), state, why, f"{sign} ({SAYINGS[sign]})")
