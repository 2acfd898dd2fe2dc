"""`floodmark case`: an incident's leaks and notes, and the clocks that started when somebody became aware."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

import click

from floodmark.cli import case_options, case_report
from floodmark.cli.by_hand import ByHand
from floodmark.cli.case_options import moment, note_text
from floodmark.cli.stdout import put, put_json
from floodmark.cli.workspaces import workspace

if TYPE_CHECKING:
    from floodmark.register.cases import Case

Change = Callable[[Any, datetime], None]  # takes a connection and the time
F = TypeVar("F", bound=Callable[..., Any])

EPILOG = """\b
Examples:
  floodmark case open acme-2026 --title "Customer file of Acme" --aware 2026-01-30T13:05+01:00 --leak acme
  floodmark case note acme-2026 "Press desk told; counsel agrees that GDPR 33 applies."
  floodmark case done acme-2026 gdpr-authority --at 2026-02-01T10:30Z
  floodmark case exempt acme-2026 nis2-early-warning
  floodmark case list -o json
"""


@click.group(epilog=EPILOG)
def command() -> None:
    """Tie leaks and notes to an incident, and watch its deadlines.

    The clock starts when somebody became aware. Every command shows the case with all its deadlines, the most
    pressing first; case list shows those of all open cases. A time has its offset from UTC, or is the word now.
    """


def shown(function: F) -> F:
    """Options of every command that shows a case."""
    form = click.Choice(["human", "json"])
    function = click.option("-o", "--output", type=form, default="human", help="Form of stdout.")(function)
    return click.option(
        "--zone",
        callback=case_options.zone,
        default="UTC",
        show_default=True,
        metavar="NAME",
        help="Show due times in this zone too, and count months in its calendar, such as Europe/Brussels.",
    )(function)


as_of = click.option(
    "--as-of",
    cls=ByHand,
    callback=moment,
    metavar="TIME",
    help="Show how deadlines stand at this time. Default: now.",
)
slug_argument = click.argument("slug", metavar="SLUG")
duty_argument = click.argument("duty", metavar="DUTY")


@command.command("open")
@slug_argument
@click.option("--title", cls=ByHand, required=True, metavar="TEXT", help="What it is about, in one line.")
@click.option(
    "--aware",
    cls=ByHand,
    callback=moment,
    required=True,
    metavar="TIME",
    help="When somebody became aware, with offset: 2026-01-31T14:05+01:00, or now.",
)
@click.option(
    "--leak", "leaks", cls=ByHand, multiple=True, metavar="SLUG", help="A leak that it is about; repeatable."
)
@click.option("--note", cls=ByHand, metavar="TEXT", help="A first note; - reads it from stdin.")
@shown
def open_command(
    slug: str,
    title: str,
    aware: datetime,
    leaks: tuple[str, ...],
    note: str | None,
    zone: tzinfo,
    output: str,
) -> None:
    """Begin a case, and start its clocks at the time of becoming aware."""
    from floodmark.register import case_changes

    text = note_text(note) if note is not None else None

    def begin(connection: Any, now: datetime) -> None:
        case_changes.open_case(connection, slug, title, aware, now)
        for leak in leaks:
            case_changes.link(connection, slug, "leak", leak, now)
        if text is not None:
            case_changes.add_note(connection, slug, text, now)

    _change("open", slug, begin, zone, output)


@command.command("show")
@slug_argument
@as_of
@shown
def show_command(slug: str, as_of: datetime | None, zone: tzinfo, output: str) -> None:
    """Show a case: how every duty stands, what is tied to it, and its notes."""
    from floodmark.register.cases import get_case

    with workspace().connect() as connection:
        case = get_case(connection, slug)
    _show(case, as_of or _now(), zone, output)


@command.command("list")
@as_of
@shown
def list_command(as_of: datetime | None, zone: tzinfo, output: str) -> None:
    """List the cases, and before them every clock that runs or has run out."""
    from floodmark.register.cases import list_cases

    with workspace().connect() as connection:
        found = list_cases(connection)
    now = as_of or _now()
    if output == "json":
        put_json(case_report.cases_values(found, now, zone))
    elif not found:
        click.echo("No case is open or was closed. Begin one with: floodmark case open SLUG")
    else:
        put(case_report.render_list(found, now, zone))


@command.command("edit")
@slug_argument
@click.option("--title", cls=ByHand, metavar="TEXT", help="What it is about, in one line.")
@click.option(
    "--aware", cls=ByHand, callback=moment, metavar="TIME", help="When somebody became aware; leaves a note."
)
@shown
def edit_command(slug: str, title: str | None, aware: datetime | None, zone: tzinfo, output: str) -> None:
    """Correct the title, or the time of becoming aware."""
    from floodmark.errors import UsageError
    from floodmark.register import case_changes

    if title is None and aware is None:
        raise UsageError("There is nothing to correct.", "Give --title, --aware or both.")
    _change("edit", slug, lambda at, now: case_changes.edit_case(at, slug, now, title, aware), zone, output)


@command.command("note")
@slug_argument
@click.argument("text", metavar="TEXT|-")
@click.option(
    "--by", "author", cls=ByHand, default="", metavar="TEXT", help="Who writes: a role or initials."
)
@shown
def note_command(slug: str, text: str, author: str, zone: tzinfo, output: str) -> None:
    """Write a note; - reads it from stdin.

    No phone number, e-mail address or other long number: the register keeps no identifier, and refuses it.
    """
    from floodmark.register import case_changes

    written = note_text(text)
    _change("note", slug, lambda at, now: case_changes.add_note(at, slug, written, now, author), zone, output)


kind_option = click.option(
    "--kind",
    cls=ByHand,
    type=click.Choice(["leak", "statement", "assessment"]),
    default="leak",
    show_default=True,
    help="What is tied: leaks by slug, statements by number; this version ties no assessments.",
)


@command.command("link")
@slug_argument
@click.argument("references", metavar="LEAK...", nargs=-1, required=True)
@kind_option
@shown
def link_command(slug: str, references: tuple[str, ...], kind: str, zone: tzinfo, output: str) -> None:
    """Tie leaks or statements to a case."""
    from floodmark.register import case_changes

    def tie(connection: Any, now: datetime) -> None:
        for reference in references:
            case_changes.link(connection, slug, kind, reference, now)

    _change("link", slug, tie, zone, output)


@command.command("unlink")
@slug_argument
@click.argument("references", metavar="LEAK...", nargs=-1, required=True)
@kind_option
@shown
def unlink_command(slug: str, references: tuple[str, ...], kind: str, zone: tzinfo, output: str) -> None:
    """Untie leaks or statements from a case."""
    from floodmark.register import case_changes

    def untie(connection: Any, now: datetime) -> None:
        for reference in references:
            case_changes.unlink(connection, slug, kind, reference)

    _change("unlink", slug, untie, zone, output)


@command.command("done")
@slug_argument
@duty_argument
@click.option("--at", cls=ByHand, callback=moment, metavar="TIME", help="When it was met. Default: now.")
@click.option("--undo", cls=ByHand, is_flag=True, help="Take it back: its clock runs again.")
@shown
def done_command(slug: str, duty: str, at: datetime | None, undo: bool, zone: tzinfo, output: str) -> None:
    """Stop the clock of a duty that was met; case show lists the duties."""
    from floodmark.register import case_changes

    def mark(connection: Any, now: datetime) -> None:
        if undo:
            case_changes.unmark_done(connection, slug, duty)
        else:
            case_changes.mark_done(connection, slug, duty, at or now, now)

    _change("done", slug, mark, zone, output)


@command.command("exempt")
@slug_argument
@click.argument("duties", metavar="DUTY...", nargs=-1, required=True)
@click.option("--undo", cls=ByHand, is_flag=True, help="Take it back: it binds after all.")
@shown
def exempt_command(slug: str, duties: tuple[str, ...], undo: bool, zone: tzinfo, output: str) -> None:
    """Say that duties do not bind you in this case; write the reason in a note."""
    from floodmark.register import case_changes

    def mark(connection: Any, now: datetime) -> None:
        for duty in duties:
            case_changes.set_exempt(connection, slug, duty, not undo, now)

    _change("exempt", slug, mark, zone, output)


@command.command("close")
@slug_argument
@shown
def close_command(slug: str, zone: tzinfo, output: str) -> None:
    """Close a case: its clocks stand still, and it takes notes only."""
    from floodmark.register import case_changes

    _change("close", slug, lambda at, now: case_changes.close_case(at, slug, now), zone, output)


@command.command("reopen")
@slug_argument
@shown
def reopen_command(slug: str, zone: tzinfo, output: str) -> None:
    """Open a closed case again: its clocks run as if it had never been closed."""
    from floodmark.register import case_changes

    _change("reopen", slug, lambda at, now: case_changes.reopen_case(at, slug), zone, output)


def _change(word: str, slug: str, change: Change, zone: tzinfo, output: str) -> None:
    """Change a case in one transaction, and show what became of it."""
    from floodmark.register.cases import get_case

    with workspace().writing(f"case {word}") as connection:
        now = _now()
        change(connection, now)
        case = get_case(connection, slug)
    _show(case, now, zone, output)


def _show(case: Case, now: datetime, zone: tzinfo, output: str) -> None:
    if output == "json":
        put_json(case_report.case_values(case, now, zone))
    else:
        put(case_report.render(case, now, zone))


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
