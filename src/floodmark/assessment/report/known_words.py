"""The tables that an advert is compared with, in words."""

from __future__ import annotations

from floodmark.assessment.advert import AdvertAssessment
from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.reports.labels import plain
from floodmark.reports.numbers import plural
from floodmark.reports.partial_dates import in_words as date_in_words

LONGEST_TITLE = 120


def title(known: KnownTable) -> str:
    """A known table by its title and date; a statistic of countries is called one.

    >>> title(KnownTable(id="a", about="a", title="An old leak", dated="2021-04", counts={}))
    '“An old leak” (table of April 2021)'
    """
    shown = f"“{plain(known.title, LONGEST_TITLE)}”"
    if known.statistic:
        return f"the statistic {shown}"
    dated = date_in_words(known.dated) if known.dated else ""
    if known.counted:
        return f"{shown} (counted here on {dated})" if dated else f"{shown} (counted here)"
    return f"{shown} (table of {dated})" if dated else shown


def any_of(found: AdvertAssessment) -> str:
    """All tables that were compared, each of which could have agreed by chance."""
    leaks, statistics = len(found.leaks), len(found.statistics)
    known = "the only known table" if leaks == 1 else f"any of the {leaks} known tables"
    if not statistics:
        return known
    which = plural(statistics, "statistic")
    return f"{known} or {which} of countries" if leaks else f"any of {which} of countries"
