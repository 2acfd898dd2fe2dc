"""The tables of an overlap as CSV files; every number counts distinct identifiers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from floodmark.assessment.overlap import Overlap
from floodmark.reports.csv_tables import Row, write_tables


def write(overlap: Overlap, folder: Path) -> list[Path]:
    """Write every table into `folder`, which is made when missing; each file appears whole or not at all.

    Raises:
        OutputFailed: the folder or a file cannot be written.
    """
    return write_tables(tables(overlap), folder)


def tables(overlap: Overlap) -> dict[str, list[Row]]:
    """The tables by name, each with its header as first row; `synthetic` says that a leak of the row is made up."""
    made_up = set(overlap.synthetic)
    return {
        "overlap_leaks": [*_leaks(overlap)],
        "overlap_pairs": [*_pairs(overlap, made_up)],
        "overlap_patterns": [*_patterns(overlap, made_up)],
        "overlap_agreement": [*_agreement(overlap, made_up)],
        "overlap_fields": [*_fields(overlap, made_up)],
    }


def _leaks(overlap: Overlap) -> Iterator[Row]:
    yield "kind", "leak", "identifiers", "synthetic"
    for kind in overlap.kinds:
        for leak in kind.leaks:
            yield kind.kind, leak.slug, leak.identifiers, leak.synthetic


def _pairs(overlap: Overlap, made_up: set[str]) -> Iterator[Row]:
    yield (
        *("kind", "a", "b", "shared_identifiers", "share_of_a", "share_of_b", "jaccard", "suggests", "words"),
        "synthetic",
    )
    for kind in overlap.kinds:
        for pair in kind.pairs:
            yield (
                *(kind.kind, pair.a, pair.b, pair.shared, pair.share_of_a, pair.share_of_b, pair.jaccard),
                *(pair.meaning.suggests, " ".join(pair.meaning.words), bool(made_up & {pair.a, pair.b})),
            )


def _patterns(overlap: Overlap, made_up: set[str]) -> Iterator[Row]:
    """Identifiers in exactly these leaks, then those in any leak."""
    yield "kind", "in_exactly", "leaks", "identifiers", "synthetic"
    for kind in overlap.kinds:
        for one in kind.patterns:
            yield (
                kind.kind,
                "; ".join(one.leaks),
                len(one.leaks),
                one.identifiers,
                bool(made_up & {*one.leaks}),
            )
        yield kind.kind, "any of them", None, kind.union, bool(made_up & {leak.slug for leak in kind.leaks})


def _agreement(overlap: Overlap, made_up: set[str]) -> Iterator[Row]:
    yield (
        *("kind", "a", "b", "value", "both", "equal", "share", "share_low", "share_high", "chance"),
        *("beyond_chance", "only_a", "only_b", "neither", "reading", "why", "synthetic"),
    )
    for kind in overlap.kinds:
        for pair in kind.pairs:
            for one in pair.agreement:
                judged = one.judgement
                yield (
                    *(kind.kind, pair.a, pair.b, one.value, one.both, one.equal, one.share),
                    *((judged.low, judged.high) if one.both else (None, None)),
                    *(one.chance, judged.beyond_chance, one.only_a, one.only_b, one.neither),
                    *(judged.reading, judged.why, bool(made_up & {pair.a, pair.b})),
                )


def _fields(overlap: Overlap, made_up: set[str]) -> Iterator[Row]:
    yield "kind", "a", "b", "field_type", "only_a", "only_b", "both", "synthetic"
    for kind in overlap.kinds:
        for pair in kind.pairs:
            synthetic = bool(made_up & {pair.a, pair.b})
            for one in pair.fields:
                yield kind.kind, pair.a, pair.b, one.type, one.only_a, one.only_b, one.both, synthetic
