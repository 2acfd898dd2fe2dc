"""What the assessment of an advert does not show, what no advert can tell, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from floodmark.assessment.advert import AdvertAssessment
from floodmark.assessment.advert_reading import Advert
from floodmark.assessment.report.assertion_words import number
from floodmark.assessment.statements.quantity import Quantity
from floodmark.reports.numbers import plural

CANNOT_TELL = (
    "Who took the data, when, from where and in which way.",
    "Whether anything exists beyond the advert, and beyond a sample if there is one.",
    "Whether the rows, if there are any, are of real people, and whether what they say of them is true.",
    "Whether the phone numbers or accounts are in use, and by whom.",
    "How many people are concerned: a person can have several numbers, and a number can have had several holders.",
    "Whether anybody broke a law or a contract, or told an untruth on purpose.",
)
_FEWEST_ASKED = 1_000
_DIGITS = 4  # that are asked for where nothing says how many rows there are


def not_shown(found: AdvertAssessment) -> Iterator[str]:
    """What the result could be mistaken for."""
    if found.result in ("repeats", "repeats-if", "partly"):
        yield (
            "That the seller has the data of the other table, or any: whoever has read a table can copy it, and needs "
            "no data for it."
        )
        if found.result == "repeats-if":
            yield (
                "That one was copied from the other: two counts of the same service, each made for itself, can agree "
                "as closely in figures as round as these."
            )
        yield "That what is offered holds nothing new: rows can be added under figures that stay the same."
        yield (
            "Where the data of either table came from. Whether what a company said of them is right is not tested here."
        )
        yield from _of_differing(found)
    elif found.result == "statistic":
        yield (
            "That nothing stands behind the figures: whoever has data and no count of them can work figures out too."
        )
        yield "That the figures are in no other table: many that were published are not known here."
    elif found.result in ("not-found", "cannot-tell", "nothing-known"):
        yield (
            f"That the figures are new. What is known here is {_known(found)}; most tables that were ever published "
            "are not."
        )
        yield "That the data are genuine: figures that nobody has seen before can be made up."
    else:
        yield "Anything about the data: no figure could be compared, and prices are too round to tell anything."


def _known(found: AdvertAssessment) -> str:
    leaks, statistics = plural(len(found.leaks), "table"), len(found.statistics)
    return f"{leaks} and {plural(statistics, 'statistic')} of countries" if statistics else leaks


def _of_differing(found: AdvertAssessment) -> Iterator[str]:
    best = next(iter(found.found), None)
    if best is not None and best.differing:
        yield "Why some figures differ: a correction, an error, a mistake in a source, or other data."


def settle(found: AdvertAssessment) -> Iterator[str]:
    """What to ask for next, and of whom."""
    yield (
        "Ask first whether you may receive any of it: such rows are personal data of others, and that is a question of "
        "law."
    )
    yield _rows_to_ask_for(found.advert)
    yield (
        "Compare those rows with what is known: save them with floodmark save, and floodmark overlap says whether they "
        "are rows of an earlier leak, where one is saved, and whether they say the same of the same numbers."
    )
    yield (
        "Ask the company to confirm rows that you drew, mixed with made-up ones that it cannot tell apart, so that its "
        "answer can be weighed."
    )
    yield from _of_sample(found.advert)


def _rows_to_ask_for(advert: Advert) -> str:
    total = advert.total.value if advert.total is not None else advert.table.sum
    digits = max(2, min(6, len(str(total)) - 5)) if total else _DIGITS
    ask = (
        f"Ask for every row whose number ends in {digits} digits that you draw by lot at that moment, and never for "
        "rows that the seller picks."
    )
    expected = total // 10**digits
    if expected < _FEWEST_ASKED:
        return ask
    whole = advert.total if advert.total is not None else replace(_about(total), bound="about")
    return f"{ask} Of {number(whole)} that would be about {number(_about(expected, 2))}."


def _about(value: int, digits: int = 3) -> Quantity:
    """The value with so many digits that count, less zeros at their end.

    >>> _about(48712, 2), _about(79_000_000)
    (Quantity(value=49000, digits=2, bound=''), Quantity(value=79000000, digits=2, bound=''))
    """
    step = int(10 ** max(0, len(str(value)) - digits))
    rounded = (value + step // 2) // step * step
    return Quantity(rounded, min(digits, len(str(rounded).rstrip("0")) or 1))


def _of_sample(advert: Advert) -> Iterator[str]:
    sample, drawn = advert.statement.sample, advert.statement.drawn or "unknown"
    if sample is None:
        return
    rows = plural(sample, "row")
    whatever = "whatever is in it, nothing about the rest follows"
    yield {
        "seller": f"The sample of {rows} was drawn by the seller: {whatever}.",
        "unknown": f"Who drew the sample of {rows} is not known: {whatever}.",
        "researcher": f"The sample of {rows} was drawn by a researcher: it speaks for the rest only if how it "
        "was drawn is published and was left to chance.",
        "ours": f"The sample of {rows} was drawn by you: if that was by lot from all rows, it can speak for the rest. "
        "Save it with floodmark save.",
    }[drawn]
