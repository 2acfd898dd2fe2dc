"""`floodmark check`: whether an identifier is in a leak, asked without telling anyone which identifier."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.check_batch import FormOrFile, batch_options, check_batch, refuse_batch_options
from floodmark.cli.passphrases import passphrase_option
from floodmark.cli.public_keys import PublicKey
from floodmark.cli.unquoting import Unquoting, named
from floodmark.errors import NothingToRead, UsageError

if TYPE_CHECKING:
    from floodmark.exposure.check import Checked, Evaluator

EPILOG = """\b
Examples:
  floodmark check
  floodmark check https://check.example.org --root-key 3b6a27bc...
  floodmark check published/ --evaluator https://check.example.org --root-key 3b6a27bc...
  pass show phone | floodmark check --region GB -o json
  floodmark check https://check.example.org --root-key 3b6a27bc... --batch customers.csv --column E-Mail \\
      --size 20000 -o found.csv

\b
Exit codes: 0 in none of the leaks, 10 found, 11 nothing is known, as no leak was sealed for this kind of identifier.
"""
FOUND, NOTHING_KNOWN = 10, 11
KINDS = ("phone", "email", "profile_id", "username")


class RootKey(PublicKey):
    """A root key, whose refusal says where it was set: that may have been long ago, and elsewhere."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> bytes:
        """The key.

        Raises:
            UsageError: it is none; it is not repeated, since it may be an identifier.
        """
        try:
            return super().convert(value, param, ctx)
        except UsageError:
            where = named(param, ctx) if param is not None and ctx is not None else "--root-key"
        raise UsageError(
            f"What was given for {where} is no root key, which is 64 hexadecimal digits.",
            "Get it from whoever publishes the snapshot, by a way that you trust.",
        )


@click.command(epilog=EPILOG, cls=Unquoting)
@click.argument("where", nargs=-1, metavar="[FOLDER|ADDRESS]")
@click.option(
    "--root-key",
    type=RootKey(),
    cls=ByHand,
    metavar="HEX",
    help="Key that has to have signed. Default: the workspace's.",
)
@click.option(
    "--evaluator",
    cls=ByHand,
    metavar="ADDRESS",
    help="Server that evaluates. Default: ADDRESS; for a folder, this workspace's own key.",
)
@click.option(
    "--kind",
    cls=ByHand,
    type=click.Choice(KINDS),
    help="What the identifier is. Default: an e-mail address where it has an @, else a phone number.",
)
@click.option(
    "--region",
    cls=ByHand,
    metavar="CC",
    help="Country of a phone number without a country code, such as GB.",
)
@click.option(
    "--language",
    metavar="CODE",
    help="Language of the advice, such as de; all else is in English. Default: yours.",
)
@click.option("--explain", is_flag=True, help="Say what was sent, and who learnt what.")
@click.option(
    "-o",
    "--output",
    type=FormOrFile(),
    default="human",
    show_default=True,
    metavar="human|json|FILE",
    help="Form of stdout; for --batch also the file to write to.",
)
@batch_options
@passphrase_option
def command(where: tuple[str, ...], **given: Any) -> None:
    """Ask whether an e-mail address, a phone number or another identifier is in a leak.

    FOLDER is a snapshot as it was published, ADDRESS that of a server; without either, the newest snapshot of this
    workspace is asked. The identifier is typed unseen, or read from standard input; it is never an argument, which
    shell history and process lists would keep. No server learns it; --explain says who learns what.
    """
    from floodmark.cli.check_text import explanation, render
    from floodmark.cli.stdout import put, put_json
    from floodmark.cli.typed_identifier import typed_identifier
    from floodmark.exposure.check import check
    from floodmark.notices.advising import advice
    from floodmark.register.key_secrets import forbid_core_dumps

    forbid_core_dumps()  # before anything is typed
    if not given["batch"]:
        refuse_batch_options(given)
    source, language = _source(where), _language(given["language"])
    root_key = given["root_key"] or _own_root_key()
    if given["batch"]:
        with _held(source), _hints(source, given):
            check_batch(source, root_key, given)
        return
    with _held(source), _evaluator(source, given) as evaluator, _hints(source, given):
        checked = check(
            typed_identifier(),
            source=source,
            evaluator=evaluator,
            root_key=root_key,
            kind=given["kind"],
            region=given["region"] and given["region"].upper(),
        )
    told = advice(_field_types(checked), language)
    sentences = explanation(source, evaluator) if given["explain"] else []
    if given["output"] == "json":
        put_json(checked.to_dict() | {"advice": [_advice_table(one) for one in told]})
        for sentence in sentences:
            click.echo(sentence, err=True)
    else:
        put(render(checked, told, sentences))
    if checked.found:
        raise click.exceptions.Exit(FOUND)
    if not checked.identifiers[0].looked_in:
        raise click.exceptions.Exit(NOTHING_KNOWN)


def _source(where: tuple[str, ...]) -> Path | str:
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


def _newest() -> Path:
    """The newest snapshot of the workspace.

    Raises:
        NothingToRead: there is none.
    """
    from floodmark.cli.workspaces import workspace
    from floodmark.register.snapshot_folders import latest_snapshot

    with workspace() as place:
        found = latest_snapshot(place)
    if found is None:
        raise NothingToRead(
            "There is no snapshot in this workspace.",
            "Make one with floodmark snapshot make, or name the folder or the https address of another's.",
        )
    return found


def _held(source: Path | str) -> AbstractContextManager[None]:
    """Keeps a snapshot of the workspace from being removed while it is asked."""
    from floodmark.register.snapshot_folders import kept_while_read

    return kept_while_read(source) if isinstance(source, Path) else nullcontext()


def _own_root_key() -> bytes:
    """The public key with which this workspace signs.

    Raises:
        UsageError: it has not signed anything yet.
    """
    from floodmark.cli.workspaces import workspace
    from floodmark.register.workspace_keys import signer

    with workspace() as place, place.connect() as connection:
        found = signer(connection)
    if found is None:
        raise UsageError(
            "Whose signature the snapshot has to have is not known.",
            "Give the publisher's root key with --root-key, from a place that you trust.",
        )
    return found


@contextmanager
def _evaluator(source: Path | str, given: dict[str, Any]) -> Iterator[Evaluator | str | None]:
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


@contextmanager
def _hints(source: Path | str, given: dict[str, Any]) -> Iterator[None]:
    """Errors whose next step depends on what was left to the defaults."""
    from floodmark.exposure.oprf import ProofFailed
    from floodmark.exposure.snapshots import WrongRootKey

    try:
        yield
    except WrongRootKey as error:
        if given["root_key"] is not None:
            raise
        raise WrongRootKey(
            "The snapshot is signed with another key than this workspace's own.",
            "If it is another's, give the root key of whoever publishes it with --root-key.",
        ) from error
    except ProofFailed as error:
        if given["evaluator"] is not None or isinstance(source, str):
            raise  # a server's lie
        raise ProofFailed(
            "The snapshot's leaks are sealed under another key than the one that evaluated.",
            "If the snapshot is another's, name the server that evaluates for it with --evaluator.",
        ) from error


def _language(given: str | None) -> str | None:
    """The language of the advice.

    Raises:
        UsageError: there is no advice in the one that was asked for.
    """
    from floodmark.notices.advising import languages, wished

    if given is not None and given not in languages():
        raise UsageError(
            "There is no advice in that language.",
            f"Choose one of {', '.join(languages())}, or leave it out.",
        )
    return given or wished(os.environ)


def _field_types(checked: Checked) -> list[str]:
    return [label for one in checked.identifiers for label in one.field_types]


def _advice_table(one: Any) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "urgency": one.urgency.name.lower(),
        "title": one.title,
        "text": one.text,
        "because": list(one.because),
    }
