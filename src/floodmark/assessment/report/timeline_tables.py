"""Timelines as CSV tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from floodmark.assessment.report.assertion_words import in_words
from floodmark.assessment.report.contradiction_words import letter, question
from floodmark.assessment.timeline import Timeline
from floodmark.reports.csv_tables import Row, write_tables


def write(found: Sequence[Timeline], folder: Path) -> list[Path]:
    """Write every table into `folder`, which is made when missing; each file appears whole or not at all.

    Raises:
        OutputFailed: the folder or a file cannot be written.
    """
    return write_tables(tables(found), folder)


def tables(found: Sequence[Timeline]) -> dict[str, list[Row]]:
    """The tables by name, each with its header as first row."""
    return {
        "timeline_statements": [*_statements(found)],
        "timeline_assertions": [*_assertions(found)],
        "timeline_evidence": [*_evidence(found)],
        "timeline_contradictions": [*_contradictions(found)],
    }


def _statements(found: Sequence[Timeline]) -> Iterator[Row]:
    yield (
        *(
            "about",
            "title",
            "number",
            "id",
            "said_on",
            "learnt_on",
            "kind",
            "speaker_kind",
            "speaker",
            "text",
        ),
        *("source_url", "source", "checked_on"),
    )
    for one in found:
        for entry in one.entries:
            said = entry.statement
            yield (
                *(one.incident.slug, one.incident.title, entry.number, said.id, said.said_on, said.learnt_on),
                *(said.kind, said.speaker_kind, said.speaker, said.text, said.source_url, said.source),
                said.checked_on,
            )


def _assertions(found: Sequence[Timeline]) -> Iterator[Row]:
    yield "about", "number", "id", "place", "kind", "scope", "words", "state", "quote"
    for one in found:
        for entry in one.entries:
            for place, each in enumerate(entry.tested, 1):
                said = each.assertion
                yield (
                    *(one.incident.slug, entry.number, entry.statement.id, place, said.kind, said.scope),
                    *(in_words(said), each.state, said.quote),
                )


def _evidence(found: Sequence[Timeline]) -> Iterator[Row]:
    yield "about", "number", "id", "place", "test", "effect", "words", "power", "sources"
    for one in found:
        for entry in one.entries:
            for place, each in enumerate(entry.tested, 1):
                for result in each.evidence:
                    yield (
                        *(one.incident.slug, entry.number, entry.statement.id, place, result.test),
                        *(result.effect, result.words, result.power, "; ".join(result.sources)),
                    )


def _contradictions(found: Sequence[Timeline]) -> Iterator[Row]:
    """A row for each statement on a side."""
    yield "about", "contradiction", "question", "side", "side_words", "id", "speaker", "said_on", "words"
    for one in found:
        for place, against in enumerate(one.contradictions):
            for number, side in enumerate(against.sides, 1):
                for each in side.said:
                    said = each.statement
                    yield (
                        *(one.incident.slug, letter(place), question(against), number, side.words, said.id),
                        *(said.speaker, said.said_on, each.words),
                    )
