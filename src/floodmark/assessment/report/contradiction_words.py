"""Names for what statements disagree on, as timelines have them."""

from __future__ import annotations

from floodmark.assessment.contradictions import Contradiction, Said, sentences
from floodmark.assessment.report.assertion_words import LONGEST_QUOTE
from floodmark.reports.labels import plain

_HOW = {
    "disagree": "speakers disagree",
    "changed": "one speaker said more than one of these",
    "within": "one statement says both",
    "claimed": "several claim it",
}


def question(found: Contradiction) -> str:
    """What they disagree on, in a question; without who says what."""
    return sentences.question(found.thing, found.scope)


def how(found: Contradiction) -> str:
    """Whether different speakers disagree, or one with what it said before."""
    return ", ".join(_HOW[one] for one in found.how)


def quote(said: Said) -> str:
    """The words that somebody used, in quotation marks after a colon; empty where they were not kept.

    Answers have neutral names: nobody is to be read as having said what is the name of a kind of answer.
    """
    words = plain(said.quote, LONGEST_QUOTE)
    return f": “{words}”" if words else ""


def letter(place: int) -> str:
    """The name of a contradiction on a timeline, from its place: A to Z, then AA.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    return (letter(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)
