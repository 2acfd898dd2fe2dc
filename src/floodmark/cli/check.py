"""`floodmark check`: whether an identifier is in a leak, asked without telling anyone which identifier."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.check_batch import FormOrFile, batch_options, check_batch, refuse_batch_options
from floodmark.cli.check_places import api_key_of, api_key_option, evaluating, held, source_of
from floodmark.cli.passphrases import passphrase_option
from floodmark.cli.snapshot_places import root_key_option, signing_root
from floodmark.cli.unquoting import Unquoting
from floodmark.errors import UsageError

if TYPE_CHECKING:
    from floodmark.exposure.check import Checked

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


@click.command(epilog=EPILOG, cls=Unquoting)
@click.argument("where", nargs=-1, metavar="[FOLDER|ADDRESS]")
@root_key_option
@click.option(
    "--evaluator",
    cls=ByHand,
    metavar="ADDRESS",
    help="Server that evaluates. Default: ADDRESS; for a folder, this workspace's own key.",
)
@api_key_option
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
    from floodmark.cli.workspaces import workspace
    from floodmark.exposure.check import check
    from floodmark.notices.advising import advice
    from floodmark.register.key_secrets import forbid_core_dumps

    forbid_core_dumps()  # before anything is typed
    if not given["batch"]:
        refuse_batch_options(given)
    source, language = source_of(where), _language(given["language"])
    root_key = given["root_key"] or signing_root(workspace())
    given["api_key"] = api_key_of(source, given)
    if given["batch"]:
        with held(source), _hints(source, given):
            check_batch(source, root_key, given)
        return
    with held(source), evaluating(source, given) as evaluator, _hints(source, given):
        checked = check(
            typed_identifier(),
            source=source,
            evaluator=evaluator,
            root_key=root_key,
            kind=given["kind"],
            region=given["region"] and given["region"].upper(),
            api_key=given["api_key"],
        )
    told = advice(_field_types(checked), language)
    sentences = explanation(source, evaluator, named=given["api_key"] is not None) if given["explain"] else []
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
