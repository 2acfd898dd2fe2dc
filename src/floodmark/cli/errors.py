"""From an exception to what a person reads on stderr and to an exit code.

Expected failures print their message and hint. An unexpected one is a bug: it prints its class and the place
in our code, and never its message, which could quote a cell of a dump. `FLOODMARK_DEBUG=1` shows the
traceback, for a terminal that may see such a cell.

Examples:
    >>> place(ValueError("+44 20 7946 0000"))
    'outside floodmark'
"""

from __future__ import annotations

import io
import os
import sys
import unicodedata
from collections.abc import Callable

import click

from floodmark.errors import FloodmarkError

FAILED = 1
INTERRUPTED = 130
PIPE_CLOSED = 141


def guarded(action: Callable[[], object]) -> int:
    """Run a command to its exit code, and say on stderr why it failed if it did."""
    try:
        action()
        sys.stdout.flush()
    except BaseException as error:  # a panic in a native engine is no Exception
        return explain(error)
    return 0


def explain(error: BaseException) -> int:
    """Write what a person needs to know of a failure to stderr, and return its exit code."""
    match error:
        case click.exceptions.Exit(exit_code=code) | SystemExit(code=int() | None as code):
            return code or 0
        case click.ClickException():
            told = io.StringIO()
            error.show(told)
            click.echo(printable(told.getvalue()), err=True, nl=False)
            return error.exit_code
        case FloodmarkError():
            tell(error.slug, error.message, error.hint)
            return error.exit_code
        case KeyboardInterrupt() | click.Abort():
            click.echo("\nInterrupted.", err=True)
            return INTERRUPTED
        case BrokenPipeError():
            _forget_stdout()
            return PIPE_CLOSED
    _trace(error)
    if isinstance(error, OSError) and error.errno:
        tell("system", f"{os.strerror(error.errno)}.", "Make room or choose another place, and run again.")
    else:
        line = f"This is a bug: {type(error).__name__} {place(error)}."
        tell("bug", line, "Please report it with this line; FLOODMARK_DEBUG=1 shows where it came from.")
    return FAILED


def tell(slug: str, message: str, hint: str) -> None:
    """Write a failure to stderr: its slug, one sentence, and what to do next."""
    click.echo(f"{click.style('error', fg='red', bold=True)} ({slug}): {printable(message)}", err=True)
    if hint:
        click.echo(f"{click.style('hint', bold=True)}: {printable(hint)}", err=True)


def printable(text: str) -> str:
    r"""The text with U+FFFD in place of what controls a terminal, turns its direction or does not show.

    A message may quote a name that somebody else gave: of a file in a dump, or in a lock.

    Examples:
        >>> printable("no file \x1b]0;pwned\a here")
        'no file �]0;pwned� here'
    """
    kept = "\n\t\u200c\u200d"  # the joiners that Persian, Indic scripts and emoji need
    return "".join(c if c in kept or unicodedata.category(c)[0] != "C" else "\ufffd" for c in text)


def place(error: BaseException) -> str:
    """Where in our own code an exception came through last, as `at module:line`."""
    found = "outside floodmark"
    trace = error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.startswith("floodmark.") and module != __name__:
            found = f"at {module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


def _trace(error: BaseException) -> None:
    if os.environ.get("FLOODMARK_DEBUG", "") not in ("", "0"):
        import traceback

        traceback.print_exception(error)


def _forget_stdout() -> None:
    """Let the interpreter's last flush go nowhere, since the reader of our stdout is gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
