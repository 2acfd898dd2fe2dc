"""Timelines as one HTML file that loads nothing, runs nothing and prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from floodmark.assessment.report import assertion_words, contradiction_words, timeline_chart
from floodmark.assessment.statements.kinds import SPEAKER_KINDS
from floodmark.assessment.timeline import Timeline
from floodmark.files import write_atomic
from floodmark.reports import page
from floodmark.reports.partial_dates import in_words as date_in_words
from floodmark.reports.svg import INKS

STATES = {
    "supported": "Supported",
    "contradicted": "Contradicted",
    "untestable": "Cannot be tested",
    "untested": "Not tested",
}
EFFECTS = {
    "supports": "Supports",
    "contradicts": "Contradicts",
    "flags": "Worth a look",
    "unremarkable": "Nothing to notice",
    "cannot-tell": "Cannot tell",
}
MARKS = {"contradicted": "◆", "supported": "■", "untestable": "○", "untested": "○"}


def write(found: Sequence[Timeline], path: Path) -> None:
    """Write the page to `path`, wholly or not at all.

    Raises:
        OutputFailed: the file cannot be written.
    """
    write_atomic(path, render(found).encode())


def render(found: Sequence[Timeline]) -> str:
    """The page as text."""
    filters: dict[str, Callable[..., Any]] = {
        "date": date_in_words,
        "claim": assertion_words.in_words,
        "question": contradiction_words.question,
        "how": contradiction_words.how,
        "letter": contradiction_words.letter,
        "quote": contradiction_words.quote,
        "is_link": lambda text: bool(re.match(r"https?://", text)),
    }
    template = page.environment("floodmark.assessment.report", filters).get_template("timeline.html.j2")
    single = len(found) == 1
    return template.render(
        found=found,
        synthetic=bool(found) and all(one.synthetic for one in found),
        title=found[0].incident.title if single else "What was said",
        single=single,
        sections=[("summary", "Summary"), *((f"i-{one.incident.slug}", one.incident.title) for one in found)],
        overview=_both(timeline_chart.overview, found, timeline_chart.WIDE_TITLES)
        if len(found) > 1
        else None,
        drawings={
            one.incident.slug: _both(timeline_chart.drawing, one, timeline_chart.WIDE)
            for one in found
            if len(one.entries) > 1
        },
        letters={one.incident.slug: _letters(one) for one in found},
        statements=sum(len(one.entries) for one in found),
        disputes=sum(len(one.contradictions) for one in found),
        states=_states(found),
        speakers=[
            (kind, timeline_chart.INKS[kind])
            for kind in SPEAKER_KINDS
            if any(entry.statement.speaker_kind == kind for one in found for entry in one.entries)
        ],
        colours=timeline_chart.INKS,
        state_words=STATES,
        effect_words=EFFECTS,
        state_marks=MARKS,
        stretched=timeline_chart.FEWEST_STRETCHED,
        inks=INKS,
    )


def _both(
    draw: Callable[[Any, timeline_chart.Format], str], what: object, wide: timeline_chart.Format
) -> tuple[Markup, Markup]:
    """A drawing for wide windows and one for narrow ones; `svg.draw` lets shapes and text through only."""
    first, second = (draw(what, form) for form in (wide, timeline_chart.NARROW))
    return Markup(first), Markup(second)  # noqa: S704 - see above


def _letters(one: Timeline) -> dict[str, list[str]]:
    """Which contradictions a statement is a part of, by its id."""
    found: dict[str, list[str]] = {}
    for place, against in enumerate(one.contradictions):
        for statement in against.statements:
            found.setdefault(statement, []).append(contradiction_words.letter(place))
    return found


def _states(found: Sequence[Timeline]) -> dict[str, int]:
    """How many assertions are in each state."""
    counts = dict.fromkeys(STATES, 0)
    for one in found:
        for entry in one.entries:
            for tested in entry.tested:
                counts[tested.state] += 1
    return counts
