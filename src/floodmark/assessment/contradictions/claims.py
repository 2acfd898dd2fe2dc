"""What a statement says of one thing that statements can disagree on."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from floodmark.assessment.report.assertion_words import in_words
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.statement import Statement
from floodmark.reports.partial_dates import days


@dataclass(frozen=True)
class Claim:
    """One answer to one question.

    Attributes:
        statement: who gives it, and when.
        assertion: what of the statement says so; None where its kind does.
        thing: name of the question.
        words: the answer.
        part: what else must be the same for two to be of one thing: what a total counts, or which country.
        scope: of what part, as scopes are compared.
        quantity: of numbers.
        of: what a number counts, as `part` does not say it; empty where that was not said.
    """

    statement: Statement
    assertion: Assertion | None
    thing: str
    words: str
    part: str = ""
    scope: str = ""
    quantity: Quantity | None = None
    of: str = ""

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What two have in common that answer one question of one thing."""
        return (self.statement.about, self.thing, self.part, self.scope)


@dataclass(frozen=True)
class Thing:
    """A question that statements answer.

    Attributes:
        name: of `Contradiction.thing`.
        claims: the answers in a statement.
        alike: whether two answers are one value, so that they stand on one side.
        conflict: whether two answers cannot both be true; both functions are symmetric.
        precision: how much an answer says, to take those that say most first.
        described: words for each side; by default those of its most precise answer.
    """

    name: str
    claims: Callable[[Statement], Iterator[Claim]]
    alike: Callable[[Claim, Claim], bool]
    conflict: Callable[[Claim, Claim], bool]
    precision: Callable[[Claim], int] = lambda _: 0
    described: Callable[[Sequence[Sequence[Claim]]], list[str]] | None = None


def words_of(one: Assertion) -> str:
    """An assertion in words, without its date where that is none."""
    return in_words(one if days_of(one.on) else replace(one, on=""))


@lru_cache(maxsize=1_000)
def folded(text: str) -> str:
    """A name as names are compared: without difference of case, white space and looks.

    >>> folded("  Example  Ltd") == folded("EXAMPLE LTD")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def by_kind(thing: str, *kinds: str) -> Callable[[Statement], Iterator[Claim]]:
    """Claims from the assertions of these kinds, in their own words."""

    def claims(statement: Statement) -> Iterator[Claim]:
        for one in statement.assertions:
            if one.kind in kinds:
                yield claim(statement, one, thing)

    return claims


def claim(
    statement: Statement, one: Assertion, thing: str, part: str = "", said: Assertion | None = None
) -> Claim:
    """A claim in the words of the assertion (or of `said`), but for the scope, which all claims of a thing share."""
    words = words_of(replace(said or one, scope=""))
    return Claim(statement, one, thing, words, part, folded(one.scope), one.quantity)


@lru_cache(maxsize=1_000)
def days_of(partial: str) -> tuple[date, date] | None:
    """First and last day that a date may mean; None where it is none.

    >>> days_of("2021-02"), days_of("soon")
    ((datetime.date(2021, 2, 1), datetime.date(2021, 2, 28)), None)
    """
    try:
        return days(partial)
    except ValueError:
        return None


def same_speaker(a: Statement, b: Statement) -> bool:
    """Whether one body or person made both, as far as names tell.

    A company is one however it speaks: `Example Ltd, by a spokesperson` is `Example Ltd`.
    """
    return _body(a.speaker, a.speaker_kind) == _body(b.speaker, b.speaker_kind)


@lru_cache(maxsize=1_000)
def _body(speaker: str, kind: str) -> str:
    return folded(speaker.split(",", maxsplit=1)[0] if kind == "company" else speaker)


def is_before(a: Statement, b: Statement) -> bool:
    """Whether the first was surely said before the second: within one month, without days, nobody can tell."""
    first, second = days_of(a.said_on), days_of(b.said_on)
    return first is not None and second is not None and first[1] < second[0]
