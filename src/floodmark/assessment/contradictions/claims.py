"""What a statement says of one thing that statements can disagree on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from floodmark.assessment.contradictions.scopes import part_of
from floodmark.assessment.report.assertion_words import in_words, with_quote
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

    @property
    def quoted(self) -> str:
        """The answer, and the words that gave it where they were kept."""
        return with_quote(self.words, self.assertion.quote if self.assertion else "")


@dataclass(frozen=True)
class Thing:
    """A question that statements answer.

    Attributes:
        name: of `Contradiction.thing`.
        claims: the answers in a statement.
        alike: whether two answers are one value, so that they stand on one side.
        conflict: whether two answers cannot both be true.
        beside: whether two answers can both be true and are shown side by side all the same. All three are symmetric.
        precision: how much an answer says, to take those that say most first.
        described: words for each side; by default those of its most precise answer.
    """

    name: str
    claims: Callable[[Statement], Iterator[Claim]]
    alike: Callable[[Claim, Claim], bool]
    conflict: Callable[[Claim, Claim], bool]
    precision: Callable[[Claim], int] = lambda _: 0
    beside: Callable[[Claim, Claim], bool] = lambda _, __: False
    described: Callable[[Sequence[Sequence[Claim]]], list[str]] | None = None


def words_of(one: Assertion) -> str:
    """An assertion in words, without its date where that is none."""
    return in_words(one if days_of(one.on) else replace(one, on=""))


def quoted(one: Assertion) -> str:
    """An assertion in words, and in those that it was cut from where they were kept."""
    return with_quote(words_of(one), one.quote)


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
    return Claim(statement, one, thing, words, part, part_of(one.scope), one.quantity)


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


def is_before(a: Statement, b: Statement) -> bool:
    """Whether the first was surely said before the second: within one month, without days, nobody can tell."""
    first, second = days_of(a.said_on), days_of(b.said_on)
    return first is not None and second is not None and first[1] < second[0]
