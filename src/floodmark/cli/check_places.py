"""Where a check is asked, who evaluates, and whose signature is believed: as named, or this workspace's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.errors import NothingToRead, UsageError

if TYPE_CHECKING:
    from floodmark.exposure.check import Evaluator

api_key_option: Callable[[Any], Any] = click.option(
    "--api-key-file",
    cls=ByHand,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Ask the evaluator with the API key in FILE (mode 0600), which has a budget of its own.",
)


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


def api_key_of(source: Path | str, given: dict[str, Any]) -> str | None:
    """The API key for the server that evaluates, if one was given.

    Raises:
        UsageError: no server evaluates.
        KeysExposed, UnreadableInput: its file is not this user's alone, or not there.
        ApiKeyRefused: the file holds none.
    """
    from floodmark.cli.passphrases import secret_file
    from floodmark.register.api_keys import read_key_text

    if given["api_key_file"] is None:
        return None
    if given["evaluator"] is None and isinstance(source, Path):
        raise UsageError(
            "An API key is for a server that evaluates, and this check asks none.",
            "Leave --api-key-file out, or name the server with --evaluator.",
        )
    return read_key_text(secret_file(given["api_key_file"]))


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
