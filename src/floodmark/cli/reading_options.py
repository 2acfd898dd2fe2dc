"""Options of every command that reads leaked files: how they are read, and what custody says of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.opening_options import opening_of, password_option
from floodmark.errors import UsageError
from floodmark.triage import Acquisition, Options

Command = TypeVar("Command", bound=Callable[..., Any])

_REGION = (
    click.option(
        "--region", metavar="CC", help="Country of phone numbers without a country code, such as GB."
    ),
)
_CUSTODY = (
    click.option(
        "--as-of",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DATE",
        help="Day on which ages are taken. Default: today (UTC).",
    ),
    click.option(
        "--acquired-from", cls=ByHand, metavar="TEXT", help="For custody: where the files came from."
    ),
    click.option("--acquired-at", cls=ByHand, metavar="TIME", help="For custody: when, ISO 8601."),
    click.option("--acquired-by", cls=ByHand, metavar="TEXT", help="For custody: who acquired them."),
    click.option("--note", cls=ByHand, metavar="TEXT", help="For custody: anything else."),
)
_GRAMMAR = (
    click.option(
        "--grammar",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Read the files by this grammar file.",
    ),
    click.option("--delimiter", metavar="TEXT", help=r"Text between two cells; \t is a tab."),
    click.option("--quote", metavar="CHAR", help="Quoting character; empty for none."),
    click.option("--header/--no-header", default=None, help="Whether the first record names the columns."),
    click.option(
        "--preamble", type=click.IntRange(0), metavar="N", help="Lines before the header or the first record."
    ),
    click.option("--columns", metavar="A,B,...", help="Names or field types of the columns, in order."),
    click.option(
        "--record",
        type=click.Choice(["delimited", "jsonl", "json", "sql", "blocks", "fixed", "xml"]),
        help="Kind of record. Default: what the text looks like.",
    ),
    click.option(
        "--encoding",
        metavar="NAME",
        help="Encoding of the text, such as windows-1252. Default: what the text shows.",
    ),
)
_WORKERS = (
    password_option,
    click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Threads."),
)


def grammar_options(command: Command) -> Command:
    """Add the options that `overrides_of` takes up, and --grammar."""
    return _with(command, _GRAMMAR)


def comparing_options(command: Command) -> Command:
    """Add the options that `options_of` takes up, without those of custody."""
    return _with(command, (*_REGION, *_GRAMMAR, *_WORKERS))


def reading_options(command: Command) -> Command:
    """Add the options that `options_of` takes up."""
    return _with(command, (*_REGION, *_CUSTODY, *_GRAMMAR, *_WORKERS))


def _with(command: Command, options: tuple[Callable[[Command], Command], ...]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command


def overrides_of(given: dict[str, Any]) -> dict[str, Any]:
    """Parts of the grammar that the options state."""
    delimiter = given["delimiter"]
    columns = given["columns"]
    return {
        "delimiter": delimiter.replace("\\t", "\t") if delimiter is not None else None,
        "quote": given["quote"],
        "header": given["header"],
        "preamble": given["preamble"],
        "record": given["record"],
        "encoding": given["encoding"],
        "columns": tuple(part.strip() for part in columns.split(",")) if columns else None,
    }


def options_of(given: dict[str, Any]) -> Options:
    """What the options ask a triage to do.

    Raises:
        UsageError: one of them makes no sense.
    """
    as_of: date | None = given["as_of"].date() if given.get("as_of") else None
    acquired = Acquisition(
        source=given.get("acquired_from"),
        at=given.get("acquired_at"),
        by=given.get("acquired_by"),
        note=given.get("note"),
    )
    return Options(
        region=region_code(given["region"]),
        as_of=as_of,
        grammar=given["grammar"],
        overrides=overrides_of(given),
        acquired=acquired,
        workers=given["workers"],
        opening=opening_of(given["password_file"]),
    )


def region_code(code: str | None) -> str | None:
    """The code of a region in capitals; None where none is given.

    Raises:
        UsageError: there is no such region.
    """
    from floodmark.identifiers import phones

    if code is None:
        return None
    if not code.isascii() or code.upper() not in phones.REGIONS or code.upper() == "ZZ":
        raise UsageError(f"{code[:8]!r} is no country code", "Use ISO 3166-1 alpha-2, such as GB, EG or BR.")
    return code.upper()
