"""A comparison as one HTML file that loads nothing, runs nothing and prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from markupsafe import Markup

from floodmark.files import write_atomic
from floodmark.reports import labels, page
from floodmark.reports.svg import INKS
from floodmark.triage.comparing.comparison import Comparison
from floodmark.triage.report import comparison_charts as charts
from floodmark.triage.report import comparison_words

MOST_COLUMNS = 500


def write(found: Comparison, path: Path) -> None:
    """Write the page to `path`, wholly or not at all.

    Raises:
        OutputFailed: the file cannot be written.
    """
    write_atomic(path, render(found).encode())


def render(found: Comparison) -> str:
    """The page as text."""
    template = page.environment("floodmark.triage.report", {"values_name": labels.values_name}).get_template(
        "comparison.html.j2"
    )
    return template.render(
        found=found,
        synthetic=found.synthetic,
        partly_synthetic=comparison_words.synthetic_note(found),
        sides=[("A", found.a), ("B", found.b)],
        files_of=comparison_words.files_of,
        sections=[*_sections(found)],
        findings=[*comparison_words.findings(found)],
        notes=[*comparison_words.notes(found)],
        charts=_charts(found),
        parts=charts.PARTS,
        totals=[sum(one.rows_a for one in found.countries), sum(one.rows_b for one in found.countries)],
        most_columns=MOST_COLUMNS,
        inks=INKS,
    )


def _sections(found: Comparison) -> Iterator[tuple[str, str]]:
    yield "summary", "Summary"
    if found.identifiers:
        yield "identifiers", "Identifiers"
    if found.rows is not None:
        yield "rows", "Rows"
    yield from (("columns", "Columns"), ("fields", "Fields"), ("countries", "Countries"), ("files", "Files"))


def _charts(found: Comparison) -> dict[str, Markup]:
    """Drawings by name; their markup comes from `svg.draw`, which lets shapes and text through only."""
    drawn = {
        "overlaps": charts.overlaps(found.identifiers, found.rows) if found.identifiers or found.rows else "",
        "fields": charts.fill_rates(found.fields) if found.fields else "",
        "countries": charts.countries(found.countries) if found.countries else "",
    }
    return {name: Markup(text) for name, text in drawn.items()}  # noqa: S704 - see above
