"""`floodmark hazmat`: the one door to raw lines of a dump, for a terminal alone, and the log of who went through it."""

from __future__ import annotations

import os
import pwd
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.interrupt import interruptible
from floodmark.cli.opening_options import opening_of, password_option
from floodmark.cli.progress import progress
from floodmark.cli.reading_options import grammar_options, overrides_of
from floodmark.cli.stdout import put, put_json
from floodmark.cli.workspaces import workspace
from floodmark.errors import FloodmarkError, UsageError

if TYPE_CHECKING:
    from floodmark.hazmat import Shown
    from floodmark.register.hazmat_log import Entry

EPILOG = """\b
Examples:
  floodmark hazmat show dump.txt --at 1048576 --reason "Mending the grammar, INC-123"
  floodmark hazmat show dump.txt --quarantined 3 --lines 5 --reason "Why so many are quarantined"
  floodmark hazmat show set.zip --member parts/Egypt.txt --at 0 --reason "Does the header lie?"
"""
LOG_EPILOG = """\b
Examples:
  floodmark hazmat log
  floodmark hazmat log -o json

\b
Exit codes: 0 all lines are as they were written; 1 one is not, or follows another than it did.
"""


class NotATerminal(FloodmarkError):
    """Raw lines are shown on a terminal alone: what is piped or redirected is soon a copy that nobody looks after."""

    slug: ClassVar[str] = "not-a-terminal"
    hint = "Run it in a terminal, without a pipe, a redirection or a pager."


@click.group()
def command() -> None:
    """Look at raw lines of a dump, on a terminal alone, with a reason that is logged.

    Raw lines name people. Everything else that Floodmark shows is counts, shapes and offsets: look here only to mend a
    grammar or to verify what a report says, and copy nothing.
    """


@command.command("show", epilog=EPILOG)
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--at", "offset", type=click.IntRange(0), metavar="OFFSET", help="The line at this byte of the text."
)
@click.option(
    "--quarantined",
    type=click.IntRange(1),
    metavar="N",
    help="The Nth place that no grammar explains, from 1.",
)
@click.option(
    "--reason",
    cls=ByHand,
    required=True,
    metavar="TEXT",
    help="Why, for the log; a ticket's number, and no identifier.",
)
@click.option("--member", cls=ByHand, metavar="NAME", help="Member of an archive, as reports call it.")
@click.option(
    "--lines", type=click.IntRange(1, 100), default=1, show_default=True, metavar="N", help="How many lines."
)
@grammar_options
@password_option
def show_lines(
    path: Path,
    offset: int | None,
    quarantined: int | None,
    reason: str,
    member: str | None,
    lines: int,
    **given: Any,
) -> None:
    """Show raw lines, one by one, with everything in them that does not show written as an escape.

    The look is logged in the workspace before anything is shown: who, when, the file's SHA-256 (for which all of it is
    read), the offset and the reason, never the content. Refused where stdout is no terminal. What is quarantined
    depends on the grammar, so state with --quarantined what was stated for the report.
    """
    if sys.stdout is None or not sys.stdout.isatty():
        raise NotATerminal("Raw lines are shown on a terminal only, and stdout is none")
    if (offset is None) == (quarantined is None):
        raise UsageError("State one place", "Give --at OFFSET or --quarantined N.")
    from floodmark.hazmat import At, Look, Quarantined, show
    from floodmark.register import hazmat_log

    reason = hazmat_log.fit_reason(reason)
    place = At(offset) if offset is not None else Quarantined(quarantined or 0)

    def log(look: Look) -> None:
        with workspace() as opened:
            hazmat_log.append(opened, look, datetime.now(UTC), _user())

    size = path.stat().st_size if path.is_file() else None
    with progress(size, "Hashing") as bar, interruptible(bar) as advance:
        found = show(
            path,
            place,
            reason=reason,
            log=log,
            lines=lines,
            member=member,
            opening=opening_of(given["password_file"]),
            grammar=given["grammar"],
            advance=advance,
            **overrides_of(given),
        )
    _print(found)


@command.command("log", epilog=LOG_EPILOG)
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
def log_entries(output: str) -> None:
    """List who looked at raw lines: when, of which file, where, and why."""
    from floodmark.register import hazmat_log

    with workspace() as opened:
        found = hazmat_log.entries(opened)
    if output == "json":
        put_json([entry.to_dict() for entry in found])
    else:
        _table(found)
    hazmat_log.check(found)


def _user() -> str:
    """Login name of whoever runs this, as the system has it; no variable can say another."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def _print(found: Shown) -> None:
    from floodmark.hazmat import escaped
    from floodmark.reports.labels import words

    if found.span is not None:
        span = found.span
        click.echo(
            f"Quarantined, {words(span.reason)}: {span.lines:,} lines, {span.size:,} bytes from byte {span.start:,}."
        )
    width = max((len(f"{line.start:,}") for line in found.lines), default=1)
    encoding = sys.stdout.encoding or "ascii"
    for line in found.lines:
        text = escaped(line.data, found.codec) + (" … cut here" if line.cut else "")
        shown = text.encode(encoding, "backslashreplace").decode(encoding)
        click.echo(f"{line.start:>{width},} | {shown}")
    click.echo(_logged(found), err=True)


def _logged(found: Shown) -> str:
    """What the log says now, and where the line that is shown begins if that is not the offset."""
    from floodmark.reports.labels import plain

    look = found.look
    place = f"the text of {plain(look.label, 200)} in the file" if look.label else "the text of the file"
    said = f"Logged: byte {look.offset:,} of {place} with SHA-256 {look.sha256[:16]}…."
    if found.begins_before is not None:
        said += f" That is within a line, which begins at byte {found.begins_before:,}."
    return said


def _table(found: list[Entry]) -> None:
    from rich.console import Group
    from rich.text import Text

    from floodmark.reports.labels import plain
    from floodmark.triage.report.text import table

    rows = [
        (
            entry.time or "unreadable",
            plain(entry.user, 20),
            entry.look.sha256[:16],
            plain(entry.look.label or (f"member {entry.look.member:,}" if entry.look.member else ""), 60),
            f"{entry.look.offset:,}",
            str(entry.look.lines),
            plain(entry.look.reason, 200) + ("" if entry.intact else " (CHANGED)"),
        )
        for entry in found
    ]
    shown = [*table("RAW LINES LOOKED AT", "when|who|SHA-256|member|>byte|>lines|why", rows)]
    put(Group(*shown) if shown else Text("Nobody has looked at raw lines."))
