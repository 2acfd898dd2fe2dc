"""Where a check is asked, who evaluates, and whose signature is believed: as named, or this workspace's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from floodmark.errors import NothingToRead, UsageError

if TYPE_CHECKING:
    from floodmark.exposure.check import Evaluator


def source_of(where: tuple[str, ...]) -> Path | str:
    """A snapshot directory, or the address of a server.

    Raises:
        UsageError: what was given is neither; it is not repeated, since it may be an identifier.
    """
    from floodmark.exposure.check import base_of

    if not where:
        return _newest()
    if len(where) == 1 and where[0].lower().startswith(("https://", "http://")):
        return base_of(where[0])
    if len(where) == 1 and (folder := Path(where[0])).is_dir():
        return folder
    if where == ("-",):
        raise UsageError(
            "- is no place to ask: it stands for standard input, from which the identifier is read anyway.",
            "Leave it out, or name a folder or an https address.",
        )
    raise UsageError(
        "Neither a folder nor an https address was given as the place to ask.",
        "An identifier is never an argument: shell history and process lists keep it. Run floodmark check and"
        " type it when asked; if you typed it just now, remove the line from your shell's history.",
    )


def held(source: Path | str) -> AbstractContextManager[None]:
    """Keeps a snapshot of the workspace from being removed while it is asked."""
    from floodmark.register.snapshot_folders import kept_while_read

    return kept_while_read(source) if isinstance(source, Path) else nullcontext()


@contextmanager
def evaluating(source: Path | str, given: dict[str, Any]) -> Iterator[Evaluator | str | None]:
    """Who evaluates: an address, this workspace's key, or None for the source's server."""
    from floodmark.cli.keys import keyring
    from floodmark.exposure.check import LocalEvaluator, base_of
    from floodmark.register.key_folder import NoKeys

    if given["evaluator"] is not None:
        yield base_of(given["evaluator"])
        return
    if isinstance(source, str):
        yield None
        return
    with ExitStack() as stack:
        try:
            keys = stack.enter_context(keyring(given["passphrase_file"]))
            evaluator = LocalEvaluator(keys.evaluation_key())
        except NoKeys as error:
            raise NoKeys(
                "A snapshot's files do not evaluate, and there is no key here that does.",
                "If the snapshot is another's, name the server that evaluates for it with --evaluator; for your own,"
                " name the folder of its keys in FLOODMARK_KEYS.",
            ) from error
        yield evaluator


def _newest() -> Path:
    """The newest snapshot of the workspace.

    Raises:
        NothingToRead: there is none.
        SnapshotOutdated: a leak in it was marked as sensitive or retired since.
    """
    from floodmark.cli.workspaces import workspace
    from floodmark.register.snapshot_folders import latest_snapshot
    from floodmark.register.snapshot_leaks import still_fit

    with workspace() as place:
        found = latest_snapshot(place)
        if found is None:
            raise NothingToRead(
                "There is no snapshot in this workspace.",
                "Make one with floodmark snapshot make, or name the folder or the https address of another's.",
            )
        still_fit(place, found)
    return found
