"""The command line: `main` runs `floodmark`, one module per command.

A command's module is imported when the command runs: `floodmark --help` needs neither Polars nor rich.

Examples:
    >>> from floodmark.cli import main
    >>> main(["--version"])
    floodmark, version ...
    0
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from floodmark.cli import errors, settings
from floodmark.cli.group import LazyGroup

__all__ = ["command", "main"]

PROGRAM = "floodmark"
COMMANDS = {
    "analysts": ("floodmark.cli.analysts", "Say who may sign in to the pages that are not public."),
    "api-keys": ("floodmark.cli.api_keys", "Give out keys for programs that use a server's HTTP API."),
    "assess": ("floodmark.cli.assess", "Say what can be said of an advert before any data is at hand."),
    "case": ("floodmark.cli.case", "Tie leaks and notes to an incident, and watch its deadlines."),
    "check": ("floodmark.cli.check", "Ask whether an identifier is in a leak, without telling anyone which."),
    "compare": ("floodmark.cli.compare", "Put two dumps side by side, and save nothing."),
    "custody": ("floodmark.cli.custody", "Check who signed a result, over which files."),
    "doctor": ("floodmark.cli.doctor", "Say whether this machine is fit for sealing, and how fast it is."),
    "forget": ("floodmark.cli.forget", "Remove every trace of a leak from the workspace."),
    "grammar": ("floodmark.cli.grammar", "Learn how a file is read, write it down, and see why."),
    "guard": ("floodmark.cli.guard", "Find and limit clients that enumerate identifiers."),
    "hazmat": ("floodmark.cli.hazmat", "Look at raw lines of a dump, on a terminal alone, logged."),
    "keys": ("floodmark.cli.keys", "Make, wrap and move the workspace's keys."),
    "leak": ("floodmark.cli.leak", "Show or edit what is known of one leak."),
    "leaks": ("floodmark.cli.leaks", "List the leaks of the workspace."),
    "match": ("floodmark.cli.match", "Say which of your customers, domains or numbers are in a leak."),
    "overlap": (
        "floodmark.cli.overlap",
        "Say how many identifiers leaks share, and whether their values agree.",
    ),
    "optout": ("floodmark.cli.optout", "Keep an identifier out of sealed leaks, for whoever proves control."),
    "publish": ("floodmark.cli.publish", "Write a snapshot as files that any web server can host."),
    "save": ("floodmark.cli.save", "Triage leaked files and keep what was learnt."),
    "seal": ("floodmark.cli.seal", "Make the blinded index of a leak, to check against."),
    "sealed": ("floodmark.cli.sealed", "Show or verify a sealed leak."),
    "serve": ("floodmark.cli.serve", "Serve the private check: pages, HTTP API, evaluations, buckets."),
    "snapshot": (
        "floodmark.cli.snapshot",
        "Join sealed leaks into the signed set that checks are answered from.",
    ),
    "statement": ("floodmark.cli.statement", "Keep what was said of a leak, with its source."),
    "synth": ("floodmark.cli.synth", "Make marked synthetic data, from public statistics only."),
    "timeline": ("floodmark.cli.timeline", "Show who said what of a leak, when, and what contradicts what."),
    "triage": ("floodmark.cli.triage", "Say what is in leaked files: people, countries, kinds of data."),
}


@click.group(
    cls=LazyGroup,
    commands_at=COMMANDS,
    epilog="Exit codes: 0 done, 1 failed, 2 usage, 3 nothing to read, 10 and above: see the command.",
    context_settings={
        "help_option_names": ["-h", "--help"],
        "auto_envvar_prefix": "FLOODMARK",
        "max_content_width": 100,
    },
)
@click.version_option(package_name=PROGRAM)
def command() -> None:
    """Answer what is in a leak, whether the claims about it are true, who is in it, and whom to tell.

    stdout carries data and stderr carries progress. For synth leak, an output named - is stdout. Options beat
    FLOODMARK_* variables, which beat floodmark.toml in the current folder, which beats the defaults.
    """


def main(args: Sequence[str] | None = None) -> int:
    """Run one command line to its exit code; nothing escapes as a traceback.

    Args:
        args: arguments after the program's name; None takes those of the process.

    Returns:
        The exit code (`docs/reference/exit-codes.md`).
    """
    instruction = os.environ.get("_FLOODMARK_COMPLETE")
    if args is None and instruction:
        return _complete(instruction)
    return errors.guarded(lambda: _run(list(sys.argv[1:] if args is None else args)))


def _run(args: list[str]) -> None:
    defaults = settings.read(command)
    if defaults:  # said, since the file may have come with a dump
        click.echo(f"floodmark.toml in this folder sets {', '.join(settings.names(defaults))}.", err=True)
    with command.make_context(PROGRAM, args, default_map=defaults) as context:
        command.invoke(context)


def _complete(instruction: str) -> int:
    from click.shell_completion import shell_complete

    return shell_complete(command, {}, PROGRAM, "_FLOODMARK_COMPLETE", instruction)
