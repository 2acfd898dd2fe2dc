"""The report as one HTML file that loads nothing, runs nothing and prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields as fields_of
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from floodmark.files import write_atomic
from floodmark.reports import labels, numbers, page
from floodmark.reports.svg import INKS
from floodmark.triage.profile import DateProfile, Profile, Shares
from floodmark.triage.report import charts, world
from floodmark.triage.summary import found_in
from floodmark.triage.warnings import ON_BANNERS

MOST_DATE_CHARTS = 12
MOST_SETS = 100
MOST_OFFSETS = 8
MOST_LISTED = 500  # files in a table
MOST_DETAILED = 24  # files with tables of their own
SEVERITIES = {"danger": "Serious", "warning": "Warning", "info": "Note"}
_SAID = (("can", "What can be said"), ("cannot", "What cannot be said"), ("ask", "What to ask next"))


def write(profile: Profile, path: Path) -> None:
    """Write the page to `path`, wholly or not at all.

    Raises:
        OutputFailed: the file cannot be written.
    """
    write_atomic(path, render(profile).encode())


def render(profile: Profile) -> str:
    """The page as text."""
    quick = profile.mode == "quick"
    totals = _totals(profile)
    said = (profile.summary.can_say, profile.summary.cannot_say, profile.summary.ask_next)
    findings = [finding for finding in profile.warnings if finding.slug not in ON_BANNERS]
    template = environment(numbers.Intervals(profile.intervals)).get_template("report.html.j2")
    return template.render(
        profile=profile,
        synthetic=profile.synthetic,
        quick=quick,
        title=_title(profile),
        made=labels.plain(str(profile.custody.get("finished_at") or "")),
        found_in=found_in(profile),
        total_size=sum(file.size for file in profile.files),
        sections=[*_sections(profile)],
        headline=[*_headline(profile, totals)],
        loud=[finding for finding in findings if finding.severity != "info"],
        notes=[finding for finding in findings if finding.severity == "info"],
        countries=sorted(enumerate(profile.countries), key=lambda item: -item[1].phones),
        fields=sorted(enumerate(profile.fields), key=lambda item: -item[1].rows),
        severities=SEVERITIES,
        said=[(kind, name, sentences) for (kind, name), sentences in zip(_SAID, said, strict=True)],
        charts=_charts(profile, totals),
        legend=[*_legend(profile)],
        date_charts=_date_charts(profile),
        phones=sum(country.phones for country in profile.countries),
        most_sets=MOST_SETS,
        unlisted_rows=profile.rows - sum(one.rows for one in profile.field_sets),
        most_offsets=MOST_OFFSETS,
        most_listed=MOST_LISTED,
        most_detailed=MOST_DETAILED,
        detailed=profile.largest_files(MOST_DETAILED),
        fates=charts.FATES,
        totals={"bytes": totals},
        enlarged=charts.enlarged(totals),
        custody=[*_flat(profile.custody)],
        inks=INKS,
    )


def environment(intervals: numbers.Intervals | None = None) -> Environment:
    """Templates of the page; the filter `num` puts a number's interval beside it."""
    known = intervals or numbers.Intervals({})

    def num(value: int, pointer: str) -> Markup:
        beside = known.beside(pointer)
        interval = Markup(' <span class="ci">{}</span>').format(beside.strip()) if beside else Markup("")
        return escape(numbers.count(value)) + interval

    return page.environment("floodmark.triage.report", {"num": num, "column_names": _column_names})


def _column_names(names: list[str]) -> str:
    return numbers.listing([*dict.fromkeys(labels.column_name(name, 32) for name in names)], 6)


def _title(profile: Profile) -> str:
    named = profile.custody.get("inputs") or [{"label": file.label} for file in profile.files]
    names = [labels.plain(str(one["label"])) for one in named]
    return names[0] if len(names) == 1 else numbers.listing(names, 2) if names else "nothing"


def _sections(profile: Profile) -> Iterator[tuple[str, str]]:
    yield "summary", "Summary"
    if profile.rows:
        yield from (("countries", "Countries"), ("fields", "Fields"), ("identifiers", "Identifiers"))
        yield "dates", "Dates"
    yield from (("files", "Accounting"), ("custody", "Custody"))


def _headline(profile: Profile, totals: Shares) -> Iterator[tuple[str, int, str]]:
    """Name, number and JSON pointer of the few figures at the top."""
    yield "Rows", profile.rows, "/rows"
    for place, kind in enumerate(profile.identifiers):
        if kind.distinct:
            name = f"Distinct {labels.values_name(kind.kind)}"
            yield name, kind.distinct, f"/identifiers/{place}/distinct"
    countries = sum(1 for c in profile.countries if c.country not in labels.ELSEWHERE)
    if countries:
        yield "Countries by phone", countries, ""
    yield "Lines in quarantine", sum(file.lines.quarantined for file in profile.files), ""


def _totals(profile: Profile) -> Shares:
    sums = {f.name: sum(getattr(file.bytes, f.name) for file in profile.files) for f in fields_of(Shares)}
    return Shares(**sums)


def _charts(profile: Profile, totals: Shares) -> dict[str, Markup]:
    """The drawings by name; the markup comes from `svg.draw`, which lets shapes and text through only."""
    drawn: dict[str, str] = {}
    if profile.countries:
        drawn |= {"world": world.world_map(profile.countries)}
        drawn |= {"countries": charts.top_countries(profile.countries)}
    if profile.fields:
        drawn |= {"fields": charts.fill_rates(profile.fields)}
    if profile.field_sets:
        drawn |= {"sets": charts.field_sets(profile.field_sets)}
    if profile.runs.lengths:
        drawn |= {"runs": charts.run_lengths(profile.runs)}
    if profile.email_domains.top:
        drawn |= {"domains": charts.domains(profile.email_domains)}
    if totals.total:
        drawn |= {"accounting": charts.fates(totals)}
    missing = dict.fromkeys(("fields", "accounting"), Markup(""))
    return missing | {name: Markup(text) for name, text in drawn.items()}  # noqa: S704 - see above


def _date_charts(profile: Profile) -> list[tuple[int, DateProfile, Markup]]:
    """Date columns that have years with their places, each with its drawing while there are few."""
    dated = [(place, date) for place, date in enumerate(profile.dates) if date.years]
    drawn = [Markup(charts.years(date)) for _, date in dated[:MOST_DATE_CHARTS]]  # noqa: S704 - see above
    drawn += [Markup("")] * (len(dated) - len(drawn))
    return [(place, date, drawing) for (place, date), drawing in zip(dated, drawn, strict=True)]


def _legend(profile: Profile) -> Iterator[tuple[str, str]]:
    bounds = world.levels(max((c.phones for c in profile.countries), default=1))
    for place, low in enumerate(bounds):
        high = bounds[place + 1] - 1 if place + 1 < len(bounds) else None
        text = f"{low:,} or more" if high is None else f"{low:,} to {high:,}"
        yield f"level{world.shade(low, bounds)}", text


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """The leaves of the custody record with their paths in words."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}, {labels.words(str(key))}" if name else labels.words(str(key)))
    elif isinstance(value, list):
        for place, inner in enumerate(value, 1):
            yield from _flat(inner, f"{name} {place}")
    else:
        shown = {None: "not given", True: "yes", False: "no"}.get(value) if _is_flag(value) else str(value)
        yield name, labels.plain(shown or "", 300)


def _is_flag(value: Any) -> bool:
    return value is None or isinstance(value, bool)
