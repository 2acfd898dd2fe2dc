"""The chart of an overlap: which identifiers lie in exactly which leaks."""

from __future__ import annotations

from floodmark.assessment.overlap import KindOverlap
from floodmark.reports.labels import plain, values_name
from floodmark.reports.upset import upset

MOST_PATTERNS = 24


def membership(kind: KindOverlap) -> str:
    """Patterns with most identifiers as an UpSet, as SVG text."""
    place = {slug: number for number, slug in enumerate(kind.patterns_of)}
    sizes = {leak.slug: leak.identifiers for leak in kind.leaks}
    name = values_name(kind.kind)
    return upset(
        [plain(slug) for slug in place],
        [([place[slug] for slug in one.leaks], one.identifiers) for one in kind.patterns[:MOST_PATTERNS]],
        f"Which leaks share {name}",
        f"Distinct {name} that lie in exactly the marked leaks, most first; below, all that each leak has.",
        [sizes[slug] for slug in place],
    )
