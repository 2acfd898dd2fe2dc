"""The assessment of an advert as one HTML file that loads nothing, runs nothing and prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from markupsafe import Markup

from floodmark import __version__
from floodmark.assessment.advert import AdvertAssessment
from floodmark.assessment.fingerprint.match import Match
from floodmark.assessment.report import advert_chart, row_words
from floodmark.assessment.report.advert_words import words
from floodmark.assessment.report.assertion_words import number
from floodmark.assessment.report.known_words import title
from floodmark.files import write_atomic
from floodmark.reports import page
from floodmark.reports.svg import INKS

CLASSES = {
    "agrees": "info",
    "supports": "info",
    "differs": "warning",
    "disagree": "warning",
    "contradicts": "warning",
    "flag": "warning",
    "cannot-tell": "info",
    "note": "info",
}
MARKS = {
    "agrees": "Agrees",
    "supports": "For",
    "differs": "Differs",
    "disagree": "Disagree",
    "contradicts": "Against",
    "flag": "Flag",
    "cannot-tell": "Unclear",
    "note": "Note",
}


def write(found: AdvertAssessment, path: Path) -> None:
    """Write the page to `path`, wholly or not at all.

    Raises:
        OutputFailed: the file cannot be written.
    """
    write_atomic(path, render(found).encode())


def render(found: AdvertAssessment) -> str:
    """The page as text."""
    filters: dict[str, Callable[..., Any]] = {
        "quantity": number,
        "title": title,
        "chances": row_words.chances,
        "row_name": row_words.name,
        "row_known": row_words.known_figure,
        "times": row_words.times,
        "row_result": row_words.result,
        "agrees": row_words.agrees,
    }
    template = page.environment("floodmark.assessment.report", filters).get_template("advert.html.j2")
    return template.render(
        said=words(found),
        shown=found.shown,
        drawings=[_drawing(match) for match in found.shown],
        rows=found.advert.table.rows,
        known=found.leaks,
        statistics=found.statistics,
        sources=found.sources,
        sections=[
            ("summary", "What was found"),
            ("certainty", "How sure"),
            *(
                (f"figures{place}", "Figures" if len(found.shown) == 1 else f"Figures {place}")
                for place, _ in enumerate(found.shown, 1)
            ),
            ("read", "What was assessed"),
        ],
        classes=CLASSES,
        marks=MARKS,
        version=__version__,
        synthetic=False,
        inks=INKS,
    )


def _drawing(match: Match) -> Markup:
    """The drawing; its markup comes from `svg.draw`, which lets shapes and text through only."""
    points = [(row.known.value, row.said.value, row_words.agrees(row)) for row in match.rows if row.country]
    drawn = advert_chart.scatter(points, match.known.title, row_words.times(match)) if len(points) > 1 else ""
    return Markup(drawn)  # noqa: S704 - see above
