"""What an overlap says, as sentences that every form of output shares."""

from __future__ import annotations

from collections.abc import Iterator

from floodmark.assessment.meaning import ALONE, APART, COPIED, UNCLEAR, UNRELATED
from floodmark.assessment.overlap import KindOverlap, Overlap, PairOverlap
from floodmark.reports.labels import values_name
from floodmark.reports.numbers import count, rate

COUNTS = (
    "Every number counts distinct identifiers: not rows, and not people, who can have several or share one."
)
ORDER = (COPIED, APART, UNRELATED, UNCLEAR)
READINGS = {
    "agrees": "agrees as in copies",
    "drifts": "drifts",
    "chance": "as between strangers",
    "cannot-tell": "cannot tell",
}


def shared_by(kind: str, pair: PairOverlap) -> str:
    """What two leaks share, in a sentence."""
    if not pair.shared:
        return f"{pair.a} and {pair.b} share no {values_name(kind)}."
    return (
        f"{pair.a} and {pair.b} share {count(pair.shared)} {values_name(kind)}: "
        f"{rate(pair.share_of_a)} of the first's, {rate(pair.share_of_b)} of the second's."
    )


def findings(overlap: Overlap) -> Iterator[tuple[str, str, str]]:
    """For every pair of every kind that shares something: what it suggests, what is shared, what that means.

    Copies come first and pairs that cannot tell last; among alike, those that share most.
    """
    pairs = [(kind.kind, pair) for kind in overlap.kinds for pair in kind.pairs if pair.shared]
    pairs.sort(key=lambda item: (ORDER.index(item[1].meaning.suggests), -item[1].shared))
    for kind, pair in pairs:
        words = " ".join(text for text in pair.meaning.words if text != ALONE)
        yield pair.meaning.suggests, shared_by(kind, pair), words


def notes(overlap: Overlap) -> Iterator[str]:
    """What a reader must know of all numbers."""
    yield COUNTS
    yield ALONE
    for kind in overlap.kinds:
        yield from _limits(kind)


def _limits(kind: KindOverlap) -> Iterator[str]:
    if len(kind.leaks) < 2:
        only = kind.leaks[0].slug if kind.leaks else "none of the leaks"
        yield f"Only {only} has {values_name(kind.kind)}, so there is nothing to compare them with."
    if len(kind.patterns_of) < len(kind.leaks):
        yield (
            f"The patterns of {values_name(kind.kind)} tell the {len(kind.patterns_of)} largest leaks apart; pairs and "
            f"union are of all {len(kind.leaks)}."
        )


def synthetic_note(overlap: Overlap) -> str:
    """Which leaks are made up, in a sentence; empty when none is."""
    if not overlap.synthetic:
        return ""
    if len(overlap.synthetic) == len(overlap.leaks):
        return "SYNTHETIC DATA: nothing here describes a real person or a real leak."
    verb = "is" if len(overlap.synthetic) == 1 else "are"
    return f"SYNTHETIC DATA among real: {', '.join(overlap.synthetic)} {verb} made up."
