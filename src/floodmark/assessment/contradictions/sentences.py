"""A contradiction in words that take no side."""

from __future__ import annotations

from collections.abc import Sequence

from floodmark.assessment.contradictions.claims import days_of
from floodmark.assessment.contradictions.contradiction import Side
from floodmark.assessment.report.assertion_words import counted
from floodmark.assessment.statements.statement import Statement
from floodmark.reports.labels import plain
from floodmark.reports.numbers import listing
from floodmark.reports.partial_dates import in_words as date_in_words

MOST_SPEAKERS = 4
LONGEST_SPEAKER = 120
_QUESTIONS = {
    "total": "How many",
    "countries": "How many countries",
    "table": "How many in single countries",
    "cause": "What happened",
    "origin": "Whether it comes from there",
    "age": "Whether it was published before",
    "visibility": "Whether all of it was public",
    "fixed-before": "Before when the door was shut",
    "dated": "Of which date",
    "amount": "Which sum",
}


def in_sentences(thing: str, part: str, scope: str, sides: Sequence[Side], changed: Sequence[str]) -> str:
    """All of it: the question, every answer with who gives it and when, and who said both."""
    question = _QUESTIONS[thing] + (f" {counted(part)}" if part else "")
    if scope:
        question += f" ({plain(scope)})"
    answers = [
        f"{side.words}, says {listing([said_by(one.statement) for one in side.said], MOST_SPEAKERS)}"
        for side in sides
    ]
    words = f"{question}: {'; '.join(answers)}."
    if changed:
        words += (
            f" {listing([plain(name, LONGEST_SPEAKER) for name in changed])} said more than one of these."
        )
    return words


def said_by(one: Statement) -> str:
    """Who said it, and when: `the seller (16 November 2022)`."""
    when = date_in_words(one.said_on) if days_of(one.said_on) else plain(one.said_on)
    return f"{plain(one.speaker, LONGEST_SPEAKER)} ({when})"
