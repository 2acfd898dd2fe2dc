"""`floodmark check --batch`: which of an organisation's customers are in a leak, all asked about at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.interrupt import interruptible
from floodmark.cli.outputs import OutputPath
from floodmark.cli.progress import Advance, progress
from floodmark.errors import FloodmarkError, UsageError

if TYPE_CHECKING:
    from floodmark.exposure.check.organisation_result import OrganisationChecked
    from floodmark.exposure.check.organisation_steps import Wait
    from floodmark.exposure.check.organisation_table import Customers
    from floodmark.exposure.watch_columns import Wish
    from floodmark.identifiers import IdentifierKind

FOUND, NOTHING_KNOWN = 10, 11
FORMS = ("human", "json")
PROGRESS = ".progress"
Command = TypeVar("Command", bound=Callable[..., Any])


class FormOrFile(OutputPath):
    """A form of stdout, or the file that a batch is written to."""

    name = "form or file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """`human` or `json` as it is, else a path."""
        return value if value in FORMS else super().convert(value, param, ctx)


_OPTIONS = (
    click.option(
        "--batch",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Ask about everybody in a CSV or Parquet file of an organisation's customers.",
    ),
    click.option(
        "--column",
        cls=ByHand,
        metavar="NAME|NUMBER[=KIND]",
        help="For --batch: the column with the identifiers, and what it holds.",
    ),
    click.option(
        "--size",
        cls=ByHand,
        type=click.IntRange(1),
        metavar="N",
        help="For --batch: number of customers, as attested.",
    ),
    click.option(
        "--id-column",
        cls=ByHand,
        metavar="NAME|NUMBER",
        help="For --batch: a column of ids to copy beside the row numbers; never one of identifiers.",
    ),
    click.option(
        "--encoding", metavar="NAME", help="For --batch: encoding of a CSV file. Default: found out."
    ),
    click.option(
        "--cardinality-only",
        cls=ByHand,
        is_flag=True,
        help="For --batch: write how many are in each leak and nothing by row; 1 to 4 are shown as <5.",
    ),
    click.option(
        "--file-changed",
        cls=ByHand,
        is_flag=True,
        help="For --batch: go on though FILE is not as it was; what was answered is not asked again.",
    ),
    click.option(
        "--wait",
        cls=ByHand,
        type=click.IntRange(0),
        default=3600,
        show_default=True,
        metavar="SECONDS",
        help="For --batch: how long to wait at most when a server says to come again later.",
    ),
    click.option(
        "--out", type=OutputPath(), metavar="FILE", help="For --batch: write what was found to this file."
    ),
)


def batch_options(command: Command) -> Command:
    """Add the options that `check_batch` takes up."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def refuse_batch_options(given: dict[str, Any]) -> None:
    """See that nothing was given that is for a batch alone.

    Raises:
        UsageError: something was; it is not repeated, since it may be an identifier.
    """
    alone = ("column", "size", "id_column", "encoding", "cardinality_only", "file_changed", "out")
    if isinstance(given["output"], Path) or any(given[name] for name in alone):
        raise UsageError(
            "An option was given that goes with --batch alone.",
            "Name the file of customers with --batch FILE.",
        )


def check_batch(source: Path | str, root_key: bytes, given: dict[str, Any]) -> None:
    """Ask about everybody in a file, write what was found, and say how much that is.

    Args:
        source: the folder or the address of the snapshot.
        root_key: that has to have signed it.
        given: options of `floodmark check`.

    Raises:
        Exit: somebody was found, or nobody and of some kind of identifier nothing is known.
        UsageError: options that make no sense together.
        FloodmarkError: the check did not come to its end; the same command goes on.
    """
    from floodmark.cli.check_batch_text import render
    from floodmark.cli.stdout import put, put_json
    from floodmark.exposure.check.organisation_cardinality import csv_of, table_of
    from floodmark.files import open_atomic

    if given["explain"] or given["language"]:
        raise UsageError(
            "--explain and --language are for the check of one identifier.",
            "docs/how-to/check-your-customers.md says who learns what of a batch.",
        )
    out = _out(given)
    customers = _customers(given)
    checked = _asked(customers, source, root_key, _progress_of(out), given)
    with open_atomic(out, private=True) as file:
        file.writelines([csv_of(checked)] if given["cardinality_only"] else checked.csv())
    table = table_of(checked, exact=not given["cardinality_only"])
    if given["output"] == "json":
        put_json(table)
    else:
        put(render(table))
    if checked.found:
        raise click.exceptions.Exit(FOUND)
    if checked.kinds_unknown:
        raise click.exceptions.Exit(NOTHING_KNOWN)


def _out(given: dict[str, Any]) -> Path:
    """Where to write what is found; it is seen here that it can be, before anything is asked.

    Raises:
        UsageError: none is given, or two, or it is the file that is read.
    """
    from floodmark.cli.match_sealing import check_apart, check_file

    if str(given["batch"]) == "-":
        raise UsageError(
            "--batch reads a file, and standard input is none.",
            "Save it as a file: it is read again when the run is gone on with.",
        )
    named = [path for path in (given["out"], given["output"]) if isinstance(path, Path)]
    if len(named) != 1 or str(named[0]) == "-" or (named[0].exists() and not named[0].is_file()):
        raise UsageError(
            "--batch writes what it finds to a file.", "Name one, and no other, with -o FILE or --out FILE."
        )
    check_file(named[0], [given["batch"]])
    check_apart(_progress_of(named[0]), [given["batch"]])
    return named[0]


def _progress_of(out: Path) -> Path:
    return out.with_name(out.name + PROGRESS)


def _customers(given: dict[str, Any]) -> Customers:
    from floodmark.cli.reading_options import region_code
    from floodmark.exposure.check.organisation_table import read_customers
    from floodmark.exposure.watch_columns import Wish

    if not given["column"] or not given["size"]:
        raise UsageError(
            "--batch needs --column and --size.",
            "Name the column of identifiers, and the number of customers as attested to whoever runs the server.",
        )
    path: Path = given["batch"]
    size = path.stat().st_size if path.is_file() else None
    with progress(size, "Reading the customers") as shown, interruptible(shown) as advance:
        return read_customers(
            path,
            _wish(given["column"], given["kind"]),
            id_wish=Wish.parse(given["id_column"]) if given["id_column"] else None,
            region=region_code(given["region"]),
            encoding=given["encoding"],
            advance=advance,
        )


def _wish(column: str, kind: IdentifierKind | None) -> Wish:
    """The column, with the kind that `--kind` names where the column does not."""
    from floodmark.exposure.watch_columns import Wish

    wish = Wish.parse(column)
    return Wish(wish.column, wish.kind or kind)


def _asked(
    customers: Customers, source: Path | str, root_key: bytes, kept: Path, given: dict[str, Any]
) -> OrganisationChecked:
    from floodmark.cli.keys import keyring
    from floodmark.exposure.check import LocalEvaluator
    from floodmark.exposure.check.organisation import check_organisation
    from floodmark.exposure.check.organisation_budget import OverBudget
    from floodmark.exposure.check.organisation_records import ProgressBusy, ProgressDamaged, ProgressLocked

    no_going_on = (UsageError, OverBudget, ProgressBusy, ProgressDamaged, ProgressLocked)
    with keyring(given["passphrase_file"]) as keys:
        key = keys.digest_key()
        local = given["evaluator"] is None and isinstance(source, Path)
        try:
            return check_organisation(
                customers,
                source=source,
                evaluator=LocalEvaluator(keys.evaluation_key()) if local else given["evaluator"],
                root_key=root_key,
                size=given["size"],
                key=key,
                progress=kept,
                column=f"{given['column']}, {given['kind']}, {given['region']}, {given['encoding']}",
                file_changed=given["file_changed"],
                api_key=given["api_key"],
                phase=_phase,
                wait=_Waiting(given["wait"]),
                said=_say,
            )
        except (FloodmarkError, KeyboardInterrupt) as error:
            if kept.exists() and not isinstance(error, no_going_on):
                _say(f"What was answered is kept in {kept.name}: the same command goes on from there.")
            raise


@contextmanager
def _phase(name: str, total: int) -> Iterator[Advance]:
    unit = "buckets" if "bucket" in name else "identifiers"
    with progress(total, name, unit=unit) as shown, interruptible(shown) as advance:
        yield advance


class _Waiting:
    """Waits as long as a server asks for, up to a limit.

    Args:
        longest: seconds.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest

    async def __call__(self, wait: Wait) -> None:
        """Wait, and say so.

        Raises:
            FloodmarkError: it would take longer.
        """
        import asyncio

        from floodmark.exposure.check.refusals import span

        if wait.seconds > self._longest:
            raise wait.why
        _say(
            f"{wait.why.message} Waiting for {span(wait.seconds)}; Ctrl-C stops, and the same command goes on."
        )
        await asyncio.sleep(wait.seconds)


def _say(sentence: str) -> None:
    from floodmark.cli.errors import printable

    click.echo(printable(sentence), err=True)
