"""`floodmark guard`: count identifiers, not requests; each of its commands has a module of its own."""

from __future__ import annotations

import click

from floodmark.cli.group import LazyGroup

COMMANDS: dict[str, tuple[str, str]] = {
    "watch": ("floodmark.cli.guard_watch", "Follow logs: what would the guard have done?"),
    "name": ("floodmark.cli.guard_name", "Read logs again for the names behind digests."),
    "replay": ("floodmark.cli.guard_replay", "Read past logs: who asked about how many identifiers?"),
    "allow": ("floodmark.cli.guard_allow", "Keep the list of who is never limited."),
    "explain": ("floodmark.cli.guard_explain", "Say what is known of one actor, and why it is limited."),
    "simulate": ("floodmark.cli.guard_simulate", "Try a policy on past lookups: whom would it limit?"),
    "canaries": ("floodmark.cli.guard_canaries", "Make, list and forget identifiers that nobody holds."),
    "serve": ("floodmark.cli.guard_serve", "Decide for a web server which requests may be answered."),
    "learn": ("floodmark.cli.guard_learn", "Learn from past lookups what ordinary actors do."),
    "report": ("floodmark.cli.guard_report", "Say who asked for how much, as a page or as JSON."),
    "evaluations": ("floodmark.cli.guard_evaluations", "Say what is spent of budgets of blind evaluations."),
}


EPILOG = """\b
In the order of the work:
  floodmark guard replay access.log* --mapping api.toml -o lookups.parquet
  floodmark guard report lookups.parquet --html report.html
  floodmark guard simulate lookups.parquet --policy policy.toml
  floodmark guard learn lookups.parquet
  floodmark guard explain account/1a2b3c4d5e6f7081 --lookups lookups.parquet
  floodmark guard serve --mapping api.toml
"""


@click.group(cls=LazyGroup, commands_at=COMMANDS, epilog=EPILOG)
def command() -> None:
    """Find and limit clients that enumerate identifiers, and leave ordinary users alone."""
