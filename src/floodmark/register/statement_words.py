"""What a statement says, checked and made safe to show before it is kept.

>>> partial_date("2021-04"), partial_date("2021-13"), partial_date("04/2021")
('2021-04', None, None)

A statement is public where its leak is, so it holds no identifier. Times are arguments.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from floodmark.assessment.contradictions.scopes import country_of
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryTable
from floodmark.assessment.statements.document import MOST_ASSERTIONS
from floodmark.assessment.statements.fit import MOST, check_fit
from floodmark.assessment.statements.kinds import DRAWN, KINDS, OFFERS, SPEAKER_KINDS
from floodmark.assessment.statements.statement import Saying
from floodmark.assessment.statements.values import UnfitAssertion
from floodmark.errors import UsageError
from floodmark.register.free_text import clean
from floodmark.register.leak_words import UnfitDate, clean_link

LONGEST_SPEAKER = 120
LONGEST_SOURCE = 300
LONGEST_TEXT = 4_000
LONGEST_SCOPE = 60
LONGEST_QUOTE = 600
_LONGEST_CODE = 3  # of a country
_PARTIAL = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_DATE_HINT = "Write what is known of it: 2021, 2021-04 or 2021-04-03."


class NoSource(UsageError):
    """A statement without a source says nothing that anybody could check; exit code 2."""

    slug = "no-source"
    hint = (
        "Give a link with --url, or say in words where it was read or heard with --source; in a document, those are "
        "source_url and source."
    )


class UnfitSample(UsageError):
    """What is said of an offer or a sample does not fit the statement; exit code 2."""

    slug = "unfit-sample"
    hint = "Only an advert offers, and a sample has one row or more."


def cleaned(said: Saying, today: date) -> Saying:
    """A statement with texts that are safe to show.

    Args:
        said: as somebody typed it, or as a file has it.
        today: in UTC; nothing can have been said after it, but for a day of time zones.

    Raises:
        UsageError: a kind is none.
        NoSource: it names neither a link nor another source.
        UnfitText, HoldsIdentifier, UnfitDate, UnfitSource, UnfitSample, UnfitAssertion: of one of its parts; the
            message names it.
    """
    _one_of(said.kind, KINDS, "kind of statement")
    _one_of(said.speaker_kind, SPEAKER_KINDS, "kind of speaker")
    said_on = _date(said.said_on, today, "on which it was said")
    learnt_on = _date(said.learnt_on, today, "on which it became known") if said.learnt_on else None
    if learnt_on is not None:
        common = min(len(learnt_on), len(said_on))
        if learnt_on[:common] < said_on[:common]:
            raise UnfitDate("Nobody learns of a statement before it is made.", "Check the two dates.")
    _check_offer(said)
    if len(said.assertions) > MOST_ASSERTIONS:
        raise UnfitAssertion(f"A statement has {MOST_ASSERTIONS} assertions at most.")
    found = replace(
        said,
        speaker=clean(said.speaker, "The name of who said it", LONGEST_SPEAKER, lines=False),
        said_on=said_on,
        learnt_on=learnt_on,
        text=clean(said.text, "What was said", LONGEST_TEXT),
        source_url=clean_link(said.source_url),
        source=_line(said.source, "The source", LONGEST_SOURCE),
        assertions=tuple(_assertion(one) for one in said.assertions),
    )
    if not (found.source_url or found.source):
        raise NoSource("A statement needs its source.")
    return found


def partial_date(text: str) -> str | None:
    """A year, a month or a day of the calendar as it is written, or None where it is none of them."""
    text = text.strip()
    return text if _PARTIAL.fullmatch(text) and _first_day(text) is not None else None


def _assertion(one: Assertion) -> Assertion:
    check_fit(one)
    _check_labels(one.fields)
    on = ""
    if one.on:
        on = partial_date(one.on) or ""
        if not on:
            raise UnfitDate(f"The date of the assertion {one.kind} cannot be read.", _DATE_HINT)
    return replace(
        one,
        on=on,
        who=_line(one.who, "The name of who attacked", LONGEST_SPEAKER),
        scope=_part(one.scope),
        quote=_line(one.quote, "What is quoted", LONGEST_QUOTE),
        table=None if one.table is None else _table(one.table),
    )


def _table(table: CountryTable) -> CountryTable:
    def row_of(source: str) -> str:
        return _line(source, "The source of a row", LONGEST_SOURCE)

    known = {source: row_of(source) for source in {row.source for row in table.rows}}
    return CountryTable(tuple(replace(row, source=known[row.source]) for row in table.rows))


def _part(scope: str) -> str:
    """What part an assertion is about; a country by its code, so that it is one however it was typed."""
    found = _line(scope, "What an assertion is about", LONGEST_SCOPE)
    if not found.isalpha() and sum(map(str.isalnum, found)) <= _LONGEST_CODE:
        return found  # A-Z is no code, whatever is left of it without its hyphen
    return country_of(found) or found


def _check_labels(labels: tuple[str, ...]) -> None:
    if not labels:
        return
    from floodmark.identifiers import FieldType

    known = [one.label for one in FieldType if one]
    if {*labels} - {*known}:
        raise UnfitAssertion("A kind of data is not known.", f"Kinds of data: {', '.join(known)}.")


def _check_offer(said: Saying) -> None:
    if said.offer:
        _one_of(said.offer, OFFERS, "offer")
        if said.kind != "advert":
            raise UnfitSample("Only an advert sells, sells on or gives away.")
    if said.drawn:
        _one_of(said.drawn, DRAWN, "way to draw a sample")
    if said.sample is not None and not 1 <= said.sample <= MOST:
        raise UnfitSample("A sample has one row or more, and not more than there can be.")


def _line(text: str, what: str, longest: int) -> str:
    return clean(text, what, longest, lines=False) if text.strip() else ""


def _first_day(partial: str) -> date | None:
    try:
        return date.fromisoformat(partial + "-01-01"[len(partial) - 4 :])
    except ValueError:
        return None


def _date(text: str, today: date, what: str) -> str:
    found = partial_date(text)
    first = found and _first_day(found)
    if not found or not first:
        raise UnfitDate(f"The date {what} cannot be read.", _DATE_HINT)
    if first > today + timedelta(days=1):
        raise UnfitDate(f"The date {what} lies in the future.", _DATE_HINT)
    return found


def _one_of(text: str, known: tuple[str, ...], what: str) -> None:
    if text not in known:
        raise UsageError(f"There is no such {what}.", f"It is one of: {', '.join(known)}.")
