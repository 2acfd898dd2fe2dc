"""An overlap as one HTML file that loads nothing, runs nothing and prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from markupsafe import Markup

from floodmark.assessment.overlap import KindOverlap, Overlap
from floodmark.assessment.report import charts, sentences
from floodmark.files import write_atomic
from floodmark.reports import labels, numbers, page
from floodmark.reports.svg import INKS

MOST_FINDINGS = 10
MOST_PATTERNS = 100
CLASSES = {"copied": "warning", "collected-apart": "info", "unrelated-values": "info", "cannot-tell": "info"}
WORDS = {
    "copied": "Copied?",
    "collected-apart": "Apart?",
    "unrelated-values": "Unrelated?",
    "cannot-tell": "Unclear",
}


def write(overlap: Overlap, path: Path) -> None:
    """Write the page to `path`, wholly or not at all.

    Raises:
        OutputFailed: the file cannot be written.
    """
    write_atomic(path, render(overlap).encode())


def render(overlap: Overlap) -> str:
    """The page as text."""
    found = [*sentences.findings(overlap)]
    filters: dict[str, Callable[..., Any]] = {
        "values_name": labels.values_name,
        "interval": _interval,
        "reading": sentences.READINGS.get,
    }
    template = page.environment("floodmark.assessment.report", filters).get_template("overlap.html.j2")
    return template.render(
        overlap=overlap,
        synthetic=len(overlap.synthetic) == len(overlap.leaks),
        partly_synthetic=sentences.synthetic_note(overlap),
        title=_title(overlap),
        sections=[
            ("summary", "Summary"),
            *((one.kind, labels.values_name(one.kind)) for one in overlap.kinds),
        ],
        findings=found[:MOST_FINDINGS],
        more_findings=max(0, len(found) - MOST_FINDINGS),
        notes=[*sentences.notes(overlap)],
        classes=CLASSES,
        words=WORDS,
        charts={one.kind: _chart(one) for one in overlap.kinds},
        most_patterns=MOST_PATTERNS,
        drawn_patterns=charts.MOST_PATTERNS,
        inks=INKS,
    )


def _title(overlap: Overlap) -> str:
    return numbers.listing([labels.plain(slug) for slug in overlap.leaks], 3)


def _chart(kind: KindOverlap) -> Markup:
    """The drawing; its markup comes from `svg.draw`, which lets shapes and text through only."""
    drawn = charts.membership(kind) if kind.patterns and len(kind.leaks) > 1 else ""
    return Markup(drawn)  # noqa: S704 - see above


def _interval(low: float, high: float) -> str:
    """An interval of a share in percent, with as many digits as tell its ends from all and nothing.

    >>> _interval(0.98164, 1.0), _interval(0.0, 0.00012)
    ('98.164 % to 100 %', '0 % to 0.012 %')
    """
    return " to ".join(f"{round(100 * end, 3):g} %" for end in (low, high))
