"""Where an assessment has its facts from: the advert, the reference set and the workspace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.errors import FloodmarkError, UsageError

if TYPE_CHECKING:
    from floodmark.assessment.advert import AdvertAssessment
    from floodmark.assessment.advert_reading import Advert
    from floodmark.assessment.fingerprint.known import KnownTable
    from floodmark.assessment.statements.assertion import Assertion
    from floodmark.assessment.statements.statement import Statement

_ID = re.compile(r"[1-9][0-9]{0,17}|[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*")
LONGEST_SENTENCE = 600  # of a sentence on how a file was read


class UnclearAdvert(UsageError):
    """A file and a statement go by the same name, so that either may be meant; exit code 2."""

    slug = "unclear-advert"
    hint = "Write ./NAME for the file, or run in another folder."


class AdvertNotFound(FloodmarkError):
    """There is no file and no statement of the name that was given."""

    slug = "advert-not-found"
    hint = "Name a file, - for stdin, or a statement: floodmark statement list --reference shows them."


@dataclass(frozen=True)
class Described:
    """What the options say of an advert in a file.

    Attributes:
        about: slug of the leak or incident.
        total: as it was typed.
        said_on: as it was typed.
        claims: assertions as they were typed.
        sample: rows of its sample.
        drawn: who drew the sample.
        columns: of the file, by what they hold, as `read_table` takes them; with the currency of prices.
    """

    about: str | None = None
    total: str | None = None
    said_on: str | None = None
    claims: tuple[str, ...] = ()
    sample: int | None = None
    drawn: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """What is known.

    Attributes:
        statements: of every leak and incident.
        tables: of the reference set, of recorded statements and of saved leaks; statistics of countries.
        slugs: of every leak and incident.
        profiles: of saved leaks, by slug, as JSON values.
    """

    statements: tuple[Statement, ...]
    tables: tuple[KnownTable, ...]
    slugs: frozenset[str]
    profiles: Mapping[str, Mapping[str, Any]]


def assessed(name: str | None, described: Described, reference_only: bool) -> AdvertAssessment:
    """Read an advert and what is known, and assess it.

    Args:
        name: a file, `-` for stdin, or the id of a statement; None where options say all that there is.
        described: what the options say; of a statement nothing.
        reference_only: whether to leave the workspace out.

    Raises:
        UsageError: the options do not fit, or it is not clear what is meant.
        AdvertNotFound: there is no such file or statement.
        NothingToRead, UnreadableInput: of the file.
    """
    from floodmark.assessment.advert import assess

    if name is None and not (described.total or described.claims):
        raise UsageError(
            "There is no advert to assess.",
            "Name its table or a statement with --advert, or say what it claims with --total and --assert.",
        )
    facts = _facts(reference_only)
    return assess(_advert(name, described, facts), facts.tables, facts.statements, facts.profiles)


def _advert(name: str | None, described: Described, facts: Facts) -> Advert:
    if name is None:
        if described.columns:
            raise UsageError("A column was named, and there is no file.", "Leave the names of columns out.")
        return _unrecorded(None, described, facts)
    found = next((one for one in facts.statements if one.id == name), None) if _ID.fullmatch(name) else None
    is_file = name == "-" or Path(name).exists()
    if found is not None and is_file:
        raise UnclearAdvert("There is a file and a statement of the name that was given.")
    if found is not None:
        return _recorded(found, described)
    if is_file:
        return _unrecorded(name, described, facts)
    raise AdvertNotFound("There is no file and no statement of the name that was given.")


def _recorded(statement: Statement, described: Described) -> Advert:
    from floodmark.assessment.advert_reading import Advert

    if described != Described():
        raise UsageError(
            "What the options say of an advert is said of a file; a statement has its own.",
            "Leave them out, or give the file that the statement was made from.",
        )
    if statement.kind != "advert" and statement.table is None:
        raise UsageError(
            "The statement is no advert and has no table of countries.",
            f"What tests make of it, says: floodmark statement show {statement.id}",
        )
    return Advert(statement=statement)


def _unrecorded(name: str | None, described: Described, facts: Facts) -> Advert:
    """An advert from a file and what options say of it, or from the options alone."""
    from floodmark.assessment.advert_reading import Remark, pasted
    from floodmark.reports.labels import plain

    claims = [*_claims(described)]
    said_on = _date(described.said_on)
    about = _about(described.about, facts)
    file = _file(name, described.columns, bool(claims)) if name is not None else _File()
    return pasted(
        [*file.claims, *claims],
        name=file.name,
        content=file.content,
        about=about,
        said_on=said_on,
        sample=described.sample,
        drawn=described.drawn or ("unknown" if described.sample else ""),
        understood=[plain(sentence, LONGEST_SENTENCE) for sentence in file.understood],
        remarks=[
            Remark(slug=slug, words=plain(words, LONGEST_SENTENCE), line=line)
            for slug, words, line in file.remarks
        ],
    )


@dataclass(frozen=True)
class _File:
    """What was read of a file."""

    name: str = ""
    content: bytes | None = None
    claims: tuple[Assertion, ...] = ()
    understood: tuple[str, ...] = ()
    remarks: tuple[tuple[str, str, int | None], ...] = ()


def _file(name: str, columns: Mapping[str, str], is_described: bool) -> _File:
    """The table in a file; where options say something, a file without one is no reason to stop."""
    from floodmark.assessment.reading.table_errors import NoCountryTable
    from floodmark.assessment.reading.table_text import LARGEST
    from floodmark.assessment.reading.tables import read_table
    from floodmark.assessment.statements.assertion import Assertion
    from floodmark.cli.statement_saying import content_of
    from floodmark.reports.labels import column_name

    content = content_of(name, LARGEST)
    shown = "standard input" if name == "-" else column_name(Path(name).name)
    try:
        read = read_table(content, name=shown, **columns)
    except NoCountryTable:
        if not is_described:
            raise
        remark = (
            "No country with a count or a price was read in the file: only what the options say was assessed."
        )
        return _File(shown, content, remarks=(("no-table", remark, None),))
    said = [Assertion(kind="countries", quantity=read.countries, table=read.table)]
    if read.total is not None:
        said.insert(0, Assertion(kind="total", quantity=read.total, of=read.of))
    return _File(
        shown,
        content,
        tuple(said),
        tuple(read.understood),
        tuple((one.slug, one.words, one.line) for one in read.warnings),
    )


def _claims(described: Described) -> list[Assertion]:
    from floodmark.assessment.reading.assertions import read_assertion

    typed = [f"total={described.total}"] if described.total is not None else []
    return [read_assertion(text) for text in [*typed, *described.claims]]


def _date(typed: str | None) -> str:
    if typed is None:
        return ""
    from floodmark.register.leak_words import UnfitDate
    from floodmark.register.statement_words import partial_date

    found = partial_date(typed)
    if found is None:
        raise UnfitDate(
            "The date of the advert cannot be read.", "Write what is known: 2022-11-16, 2022-11 or 2022."
        )
    return found


def _about(slug: str | None, facts: Facts) -> str:
    if slug is None:
        return ""
    if slug not in facts.slugs:
        import difflib

        from floodmark.register.incidents import IncidentNotFound

        close = difflib.get_close_matches(slug[:128], sorted(facts.slugs), n=3)
        hint = (
            f"Did you mean {' or '.join(close)}?"
            if close
            else "Leave --about out, or record the incident first."
        )
        raise IncidentNotFound("Neither a leak nor an incident has that slug.", hint)
    return slug


def _facts(reference_only: bool) -> Facts:
    from floodmark.assessment import reference
    from floodmark.assessment.fingerprint.statistics import statistics_tables

    statements, tables = reference.statements(), (*reference.known_tables(), *statistics_tables())
    slugs = {one.slug for one in reference.incidents()}
    if reference_only:
        return Facts(statements, tables, frozenset(slugs), {})
    from floodmark.cli.workspaces import workspace
    from floodmark.register.incidents import known_incidents
    from floodmark.register.known_tables import recorded

    with workspace() as place:
        found = recorded(place)
        with place.connect() as connection:
            slugs |= {one.slug for one in known_incidents(connection)}
    for slug in found.unread:
        click.echo(f"The profile of {slug} cannot be relied on, and its counts are left out.", err=True)
    return Facts(statements + found.statements, tables + found.tables, frozenset(slugs), found.profiles)
