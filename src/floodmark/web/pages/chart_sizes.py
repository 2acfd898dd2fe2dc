"""How large the charts of a profile will be, before they are drawn, so that a page can leave room for them.

A drawing takes up to a second and its width depends on its texts, so that these are its proportions to a few in a
hundred; a browser takes those of the picture itself once it has come.

>>> Size(width=912, height=426).height
426
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from floodmark.reports import upset
from floodmark.triage.public_profile import PublicProfile
from floodmark.triage.report import charts
from floodmark.web.texts import Texts


class Size(NamedTuple):
    """In the pixels of a drawing."""

    width: int
    height: int


_WORLD = Size(912, 426)
_YEARS = Size(370, 142)


def sizes(profile: PublicProfile, words: Texts) -> Mapping[str, Size]:
    """Sizes by the names of `charts.drawings`, for charts that are there or not.

    Args:
        profile: of a public leak.
        words: the reader's language.
    """
    bars = {
        "countries": min(sum(1 for one in profile.countries if one.phones), charts.MOST_BARS),
        "fields": len(profile.fields),
        "domains": len(profile.email_domains.top),
    }
    years = {f"years-{dates.type.replace('_', '-')}": _YEARS for dates in profile.years}
    found = {name: _bars(rows) for name, rows in bars.items()}
    return {"world": _WORLD, "field-sets": _upset(profile, words), **found, **years}


def _bars(rows: int) -> Size:
    return Size(355, charts.ROW * rows + 6)


def _upset(profile: PublicProfile, words: Texts) -> Size:
    shown = profile.field_sets[: charts.MOST_SETS]
    names = (words.field_name(label) for one in shown for label in one.fields)
    above = min(12 + 7 * max(map(len, names), default=0), upset.LONGEST_LABEL)
    return Size(385, charts.ROW * len(shown) + above + 10)
