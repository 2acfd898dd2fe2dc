"""The charts of a public profile, in the reader's language, as SVG.

A chart adds nothing to its table: every number that is drawn stands in the page as text, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from floodmark.reports.upset import upset
from floodmark.triage.public_profile import PublicProfile, PublicYears
from floodmark.triage.report.charts import (
    MOST_BARS,
    MOST_SET_FIELDS,
    MOST_SETS,
    bars,
    rows_by_year,
)
from floodmark.triage.report.world import world_map
from floodmark.web.pages.numbers import percent
from floodmark.web.texts import Texts

Drawing = Callable[[], str]


def drawings(profile: PublicProfile, words: Texts) -> Mapping[str, Drawing]:
    """What there is to draw of a profile, by name; each is drawn when it is called.

    Args:
        profile: of a public leak.
        words: the reader's language.
    """
    found: dict[str, Drawing] = {}
    if profile.countries:
        found["world"] = partial(_world, profile, words)
        found["countries"] = partial(_countries, profile, words)
    if profile.fields:
        found["fields"] = partial(_fields, profile, words)
    if profile.field_sets:
        found["field-sets"] = partial(_field_sets, profile, words)
    if profile.email_domains.top:
        found["domains"] = partial(_domains, profile, words)
    for dates in profile.years:
        found[f"years-{dates.type.replace('_', '-')}"] = partial(_years, dates, words)
    return found


def _world(profile: PublicProfile, words: Texts) -> str:
    return world_map(
        profile.countries,
        words.messages.gettext("World map of phone numbers"),
        words.messages.gettext("Rows with a valid phone number, by the country of the number."),
    )


def _countries(profile: PublicProfile, words: Texts) -> str:
    most = [one for one in profile.countries if one.phones][:MOST_BARS]
    items = [(words.country(one.country), one.phones, words.number(one.phones)) for one in most]
    return bars(
        items,
        words.messages.gettext("Countries with most rows"),
        words.messages.gettext("Rows with a valid phone number."),
    )


def _fields(profile: PublicProfile, words: Texts) -> str:
    items = [(words.field_name(one.type), one.share, percent(words, one.share)) for one in profile.fields]
    return bars(
        items,
        words.messages.gettext("Kinds of data"),
        words.messages.gettext("Share of all rows that have each kind of data."),
    )


def _field_sets(profile: PublicProfile, words: Texts) -> str:
    shown = profile.field_sets[:MOST_SETS]
    weight: dict[str, int] = {}
    for one in shown:
        for label in one.fields:
            weight[label] = weight.get(label, 0) + one.rows
    columns = sorted(weight, key=lambda label: (-weight[label], label))[:MOST_SET_FIELDS]
    rows = [
        ([place for place, label in enumerate(columns) if label in one.fields], one.rows) for one in shown
    ]
    return upset(
        [words.field_name(label) for label in columns],
        rows,
        words.messages.gettext("Which kinds of data stand together"),
        words.messages.gettext("Rows that have exactly the marked kinds of data, most frequent first."),
        write=words.number,
    )


def _domains(profile: PublicProfile, words: Texts) -> str:
    items = [
        (str(one["domain"]), one["rows"], words.number(one["rows"])) for one in profile.email_domains.top
    ]
    return bars(
        items,
        words.messages.gettext("Large e-mail providers"),
        words.messages.gettext("Rows with an address there."),
    )


def _years(dates: PublicYears, words: Texts) -> str:
    title = words.messages.gettext("%(kind)s: rows by year") % {"kind": words.field_name(dates.type)}
    first, last = dates.years[0]["year"], dates.years[-1]["year"]
    return rows_by_year(dates.years, title, f"{first}–{last}", words.messages.gettext("rows"))
