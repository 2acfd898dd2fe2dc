"""A contradiction in words that take no side."""

from __future__ import annotations

from collections.abc import Sequence

from floodmark.assessment.contradictions.claims import Claim, days_of
from floodmark.assessment.contradictions.contradiction import Said, Side
from floodmark.assessment.report.assertion_words import LONGEST_QUOTE, with_quote
from floodmark.assessment.statements.statement import Statement
from floodmark.reports.labels import plain
from floodmark.reports.numbers import listing, plural
from floodmark.reports.partial_dates import in_words as date_in_words

MOST_SPEAKERS = 4
MOST_ANSWERS = 3
MOST_SIDES = 8
LONGEST_SPEAKER = 120
_QUESTIONS = {
    "total": "How many",
    "countries": "How many countries",
    "table": "How many in each country",
    "cause": "What happened",
    "origin": "Does it come from there",
    "age": "Was it published before",
    "visibility": "Was all of it public",
    "dated": "When was that",
    "amount": "How much money",
}


def in_sentences(
    thing: str, scope: str, sides: Sequence[Side], changed: Sequence[str], how: Sequence[str] = ()
) -> str:
    """All of it: the question, every answer with who gives it and when, and who gave several."""
    given = "; ".join(f"{side.words}, {_speakers(side)}" for side in sides[:MOST_SIDES])
    if len(sides) > MOST_SIDES:
        given += f"; and {plural(len(sides) - MOST_SIDES, 'more answer', 'more answers')}"
    words = f"{question(thing, scope)} {given[:1].upper()}{given[1:]}."
    if "claimed" in how:
        words += " Several claim the attack; that they made it together is not excluded."
    if changed:
        names = [plain(name, LONGEST_SPEAKER) for name in changed]
        who = listing(names, MOST_SPEAKERS)
        words += f" {who[:1].upper()}{who[1:]} said more than one of these."
    return words


def question(thing: str, scope: str) -> str:
    """What is disagreed on.

    >>> question("total", "US"), question("cause", "")
    ('How many (US)?', 'What happened?')
    """
    return _QUESTIONS[thing] + (f" ({plain(scope)})" if scope else "") + "?"


def answers_of(claims: Sequence[Claim]) -> str:
    """Several answers in a phrase, the first few of them."""
    return listing([one.quoted for one in claims], MOST_ANSWERS)


def said_by(one: Statement) -> str:
    """Who said it, and when where that is known: `the seller (16 November 2022)`."""
    if not one.said_on:
        return plain(one.speaker, LONGEST_SPEAKER)
    when = date_in_words(one.said_on) if days_of(one.said_on) else plain(one.said_on)
    return f"{plain(one.speaker, LONGEST_SPEAKER)} ({when})"


def _speakers(side: Side) -> str:
    names = list(dict.fromkeys(said_by(one.statement) + _quote(one, side) for one in side.said))
    return f"{'says' if len(names) == 1 else 'say'} {listing(names, MOST_SPEAKERS)}"


def _quote(one: Said, side: Side) -> str:
    """The words that a speaker used, unless the answer of the side has them: it has a neutral name."""
    shown = plain(one.quote, LONGEST_QUOTE)
    return f", in the words “{shown}”" if with_quote(side.words, shown) != side.words else ""
