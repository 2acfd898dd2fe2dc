"""`floodmark guard watch`: follow logs, and say what the guard would have done."""

from __future__ import annotations

import json
import signal
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.guard_log_options import logs_argument, mapping_of, mapping_options
from floodmark.cli.passphrases import passphrase_option
from floodmark.errors import UsageError
from floodmark.files import OutputFailed

if TYPE_CHECKING:
    from floodmark.guard.guard import Guard
    from floodmark.guard.logs.deciding import Decided
    from floodmark.guard.logs.watching import Watched

EPILOG = """\b
Examples:
  floodmark guard watch /var/log/nginx/access.log --mapping api.toml
  floodmark guard watch /var/log/auth.log --mapping sshd --from-start --once
  floodmark guard watch access.log --mapping api.toml --all | jq 'select(.action == "deny")'

\b
It ends with Ctrl-C, and goes on where it left off when it is started again.
"""
MOST_REFUSED = 100  # positions of one request that are written down


@click.command(epilog=EPILOG)
@logs_argument
@mapping_options
@click.option(
    "--policy",
    "policy_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Policy. Default: the workspace's.",
)
@click.option(
    "--from-start", is_flag=True, help="Begin with what a log has already, where it was never read."
)
@click.option("--once", is_flag=True, help="Read what is there, and end.")
@click.option(
    "--all", "everything", is_flag=True, help="Write also of requests that there is nothing to say about."
)
@click.option(
    "--every",
    type=click.FloatRange(0.05, 3600.0),
    default=1.0,
    show_default=True,
    metavar="SECONDS",
    help="How often to look for new lines.",
)
@passphrase_option
def command(paths: tuple[Path, ...], **given: Any) -> None:
    """Follow logs, and write as JSON lines what the guard would have done with each request.

    Nothing is refused: the requests were answered before they were logged. Budgets, evidence and how far the logs were
    read are kept in the workspace, apart from those of a running door. A log may be turned, cut down or missing for a
    while; lines that cannot be read are counted, and said at the end.
    """
    from floodmark.cli.guard_places import digest_key, guard_folder
    from floodmark.cli.workspaces import workspace
    from floodmark.guard.logs.watch_folder import WatchFolder
    from floodmark.guard.logs.watching import Watched
    from floodmark.guard.policy import Policy

    mapping = mapping_of(given)
    if mapping.log.format == "parquet":
        raise UsageError("A Parquet file is not written to line by line", "Use floodmark guard replay.")
    with workspace() as place:
        folder = WatchFolder(guard_folder(place).path).made()
        key = digest_key(place, given["passphrase_file"])
    policy = Policy.read(given["policy_file"]) if given["policy_file"] else folder.read_policy()
    watched = Watched(paths, mapping, key, folder.state, from_start=given["from_start"])
    try:
        with folder.opened(key, at=time.time(), policy=replace(policy, shadow=True)) as guard:
            _run(watched, guard, given)
    finally:
        watched.close()
        _say(watched)
        if missing := sum(not path.exists() for path in paths):
            click.echo(f"Logs that are not there: {missing}. Check the paths.", err=True)


def _run(watched: Watched, guard: Guard, given: dict[str, Any]) -> None:
    """Look for new lines until told to stop, or until there are none."""
    from floodmark.guard.logs.deciding import decided

    with _Stopping() as stopping:
        quiet = 0
        while not stopping.asked:
            new = False
            for lookups in watched.look(datetime.now(UTC)):
                new = True
                _write(one for one in decided(guard, lookups) if given["everything"] or one.decision.reasons)
            if new:
                watched.save()
            quiet = 0 if new else quiet + 1
            if (
                given["once"] and quiet > 2
            ):  # a file that was turned is left at the second look without anything new
                return
            if not new and not given["once"]:
                stopping.wait(given["every"])


class _Stopping:
    """Ctrl-C and SIGTERM end the work between two looks."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> _Stopping:
        self._before = {
            number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)
        }
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def wait(self, seconds: float) -> None:
        """Sleep, but no longer than until a signal."""
        until = time.monotonic() + seconds
        while not self.asked and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.asked = True


def _write(found: Any) -> None:
    """Decisions as JSON, one a line."""
    lines = [json.dumps(_table(one)) for one in found]
    if not lines:
        return
    if sys.stdout is None:
        raise OutputFailed("Standard output is closed", "Redirect it to a file.")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _table(one: Decided) -> dict[str, Any]:
    from floodmark.guard.actor_text import who_written

    decision = one.decision
    return {
        "at": datetime.fromtimestamp(one.at, UTC).isoformat(),
        "actor": who_written(one.actor),
        "endpoint": one.endpoint,
        "identifiers": one.asked,
        "none": one.none,
        "action": str(decision.action),
        "refused": len(decision.refused),
        "refused_positions": list(decision.refused[:MOST_REFUSED]),
        "retry_after": decision.retry_after,
        "reasons": [
            {"code": reason.code, "level": reason.level, "text": reason.text, "numbers": dict(reason.numbers)}
            for reason in decision.reasons
        ],
        "shadow": True,
    }


def _say(watched: Watched) -> None:
    """What became of the lines and of the logs, on stderr."""
    lines = ", ".join(f"{count:,} {fate}" for fate, count in watched.counts.lines.items() if count)
    click.echo(f"Lines: {lines or 'none'}.", err=True)
    for name, words in (
        ("turns", "turned to a new file"),
        ("cuts", "cut down and written anew: what was written after the last look before is missing"),
        (
            "missed",
            "not found again where they were left, or compressed unread: what came between is missing",
        ),
    ):
        if count := sum(getattr(log, name) for log in watched.logs):
            click.echo(f"Logs {words}: {count}.", err=True)
