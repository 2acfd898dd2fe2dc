"""How sure the assessment of an advert is, by scales that others know."""

from __future__ import annotations

from collections.abc import Iterator

from floodmark.assessment.admiralty import Grade
from floodmark.assessment.advert import AdvertAssessment
from floodmark.assessment.evidence.evidence import Tested
from floodmark.assessment.evidence.fingerprint import TEST as FINGERPRINT
from floodmark.assessment.fingerprint.match import Match
from floodmark.assessment.report.advert_headline import is_whole
from floodmark.assessment.report.known_words import title
from floodmark.assessment.report.row_words import proviso
from floodmark.reports.numbers import plural
from floodmark.reports.partial_dates import in_words as date_in_words

OFFER = Grade("F", "6")
"""Of every advert: the program keeps no record of sellers, and no advert shows that what it offers exists."""
CREDIBILITY = {"supported": "2", "contradicted": "4", "untestable": "6", "untested": "6"}
"""Of an assertion by its state. One program is not several sources: it confirms nothing and rules nothing out."""


def certainty(found: AdvertAssessment) -> Iterator[str]:
    """Sentences that each stand for themselves."""
    if found.likelihood is not None:
        best = found.found[0]
        made = (
            "that they are one and the same, that one was made from the other, or that both were made from a third"
            if is_whole(found, best)
            else "that one set was taken from the other, or both from a third"
        )
        yield (
            f"It is {found.likelihood} that {subject(found, best)} and {_other(found, best)} have a common origin: "
            f"{made}. That is provided that {proviso(best)}."
        )
        yield (
            "The word and its range (ICD 203) stand by convention for a chance below one in a million. They are a "
            "judgement about figures, and no measurement."
        )
        if not best.known.statistic:
            yield _which_first(best)
    yield (
        f"Admiralty grade of the offer: {OFFER}. No record of sellers is kept here, and an advert alone does not show "
        "that what it offers exists."
    )


def subject(found: AdvertAssessment, match: Match) -> str:
    """What a likelihood is said of: the table only where all of it agrees, else the figures that do."""
    if is_whole(found, match):
        return "this table"
    return f"these {plural(len(match.matching), 'figure')}"


def credibility(tested: Tested) -> str:
    """The place of an assertion on the scale.

    Figures that were published before do not show that the data were: what they support is possible, and no more.
    """
    supporting = {one.test for one in tested.evidence if one.effect == "supports"}
    return "3" if tested.state == "supported" and supporting == {FINGERPRINT} else CREDIBILITY[tested.state]


def _other(found: AdvertAssessment, match: Match) -> str:
    return title(match.known) if is_whole(found, match) else f"those of {title(match.known)}"


def _which_first(match: Match) -> str:
    """Which of two tables is older, where their dates say so."""
    dated = date_in_words(match.known.dated) if match.known.dated else ""
    order = "" if match.known.counted else match.order
    return {
        "before": f"The other table is the older one by its date, {dated}.",
        "after": f"The advert is the older one by its date; the other table is dated {dated}.",
        "": "Which of the two tables is older cannot be said from the dates given.",
    }[order]
