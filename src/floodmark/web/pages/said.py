r"""What is claimed, as pages write it in their language.

>>> from floodmark.web.texts import texts
>>> amount(texts("en"), Quantity(487_000_000, 3)), amount(texts("de"), Quantity(1_200_000_000, 2))
('487 million', '1,2 Milliarden')
>>> amount(texts("de"), Quantity(44_823_547, 8)), amount(texts("en"), Quantity(100_000, 1))
('44.823.547', '100,000')
"""

from __future__ import annotations

from dataclasses import replace

from babel.numbers import format_compact_decimal

from floodmark.assessment.contradictions import Said
from floodmark.assessment.report.assertion_words import in_words
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.timeline import Timeline
from floodmark.web.texts import Texts

MOST_SHOWN = 200  # statements on a page that anybody may ask for
FEWEST_COMPACT = 1_000_000
MOST_DECIMALS = 2  # three would read as a separator of thousands


def amount(words: Texts, one: Quantity) -> str:
    """A quantity without its bound, with as many digits as were said: in words where that says all of them."""
    decimals = one.digits - (len(str(one.value)) - 1) % 3 - 1
    if one.value < FEWEST_COMPACT or one.step == 1 or one.value % one.step or decimals > MOST_DECIMALS:
        return words.number(one.value)
    return format_compact_decimal(
        one.value, format_type="long", locale=words.locale, fraction_digits=max(0, decimals)
    )


def claimed(said: Said) -> Assertion | None:
    """The assertion that answers a question of a contradiction, where its words alone are the answer.

    Where they are not, as where two tables differ in a single country, the answer has words of its own, in English.
    """
    if said.assertion is None:
        return None
    whole = replace(said.assertion, scope="")
    return whole if in_words(whole) == said.words else None


def newest(found: Timeline, most: int = MOST_SHOWN) -> Timeline:
    """A timeline with the statements that were made last, which keep their numbers, and what disagrees in them."""
    entries = found.entries[-most:]
    if len(entries) == len(found.entries):
        return found
    ids = {one.statement.id for one in entries}
    against = tuple(one for one in found.contradictions if not ids.isdisjoint(one.statements))
    return replace(found, entries=entries, contradictions=against)
