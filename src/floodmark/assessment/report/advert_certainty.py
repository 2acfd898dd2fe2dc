"""How sure the assessment of an advert is, by scales that others know."""

from __future__ import annotations

from collections.abc import Iterator

from floodmark.assessment.admiralty import Grade
from floodmark.assessment.advert import AdvertAssessment
from floodmark.assessment.fingerprint.match import Match
from floodmark.assessment.report.advert_findings import PROVISO, title
from floodmark.reports.partial_dates import in_words as date_in_words

OFFER = Grade("F", "6")
"""Of every advert: the program keeps no record of sellers, and no advert shows that what it offers exists."""
CREDIBILITY = {"supported": "2", "contradicted": "4", "untestable": "6", "untested": "6"}
"""Of an assertion by its state. One program is not several sources: it confirms nothing and rules nothing out."""


def certainty(found: AdvertAssessment) -> Iterator[str]:
    """Sentences that each stand for themselves."""
    if found.likelihood is not None:
        best = found.found[0]
        proviso = f", {PROVISO}" if best.conclusion == "found-if" else ""
        yield (
            f"It is {found.likelihood} that this table and {title(best.known)} have a common origin: that one was made "
            f"from the other, or both from a third{proviso}."
        )
        yield (
            "The word and its range (ICD 203) stand by convention for a chance below one in a million. They are a "
            "judgement about two tables, and no measurement."
        )
        yield _which_first(best)
    yield (
        f"Admiralty grade of the offer: {OFFER}. No record of sellers is kept here, and an advert alone does not show "
        "that what it offers exists."
    )


def _which_first(match: Match) -> str:
    """Which of two tables is older, where their dates say so."""
    dated = date_in_words(match.known.dated) if match.known.dated else ""
    order = "" if match.known.counted else match.order
    return {
        "before": f"The other table is the older one by its date, {dated}.",
        "after": f"The advert is the older one by its date; the other table is dated {dated}.",
        "": "Which of the two tables is older cannot be said from the dates given.",
    }[order]
