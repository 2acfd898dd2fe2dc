"""`floodmark sealed`: what a sealed leak is, and whether it is what was signed."""

from __future__ import annotations

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.interrupt import interruptible
from floodmark.cli.progress import progress
from floodmark.cli.public_keys import PublicKey
from floodmark.cli.sealed_places import opened
from floodmark.cli.stdout import put, put_json

SHOW_EPILOG = """\b
Examples:
  floodmark sealed show forum-2026
  floodmark sealed show received/forum-2026/ --root-key 3b6a27bc... -o json
"""
VERIFY_EPILOG = """\b
Examples:
  floodmark sealed verify forum-2026
  floodmark sealed verify received/forum-2026/ --root-key 3b6a27bc...

\b
Exit codes: 0 all is as it was signed; 1 it is not, and stderr says what.
"""
_place = click.argument("place", metavar="SLUG|FOLDER")
_root_key = click.option(
    "--root-key",
    type=PublicKey(),
    cls=ByHand,
    metavar="HEX",
    help="Key that has to have signed. Default: the workspace's.",
)
_output = click.option(
    "-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout."
)


@click.group()
def command() -> None:
    """Show or verify a sealed leak: the blinded index of a leak."""


@command.command("show", epilog=SHOW_EPILOG)
@_place
@_root_key
@_output
def show(place: str, root_key: bytes | None, output: str) -> None:
    """Show what a sealed leak is: identifiers, field sets, size, and who signed it.

    SLUG is a leak of the workspace; FOLDER, with a slash in its name, one with manifest.json, manifest.json.sig and
    rows.npy in it. The signature is checked, the rows are not: see floodmark sealed verify.
    """
    from floodmark.cli.sealed_text import render, values_of

    with opened(place, root_key) as (leak, expected):
        if output == "json":
            put_json(values_of(leak, expected=expected))
        else:
            put(render(leak, expected=expected))


@command.command("verify", epilog=VERIFY_EPILOG)
@_place
@_root_key
@_output
def verify(place: str, root_key: bytes | None, output: str) -> None:
    """Read a sealed leak through: its signature, the checksum of its rows, and their order in every bucket.

    SLUG and FOLDER as for floodmark sealed show.
    """
    from floodmark.cli.sealed_text import values_of, verified

    with opened(place, root_key) as (leak, expected):
        with progress(leak.manifest.rows_bytes, "Reading") as shown, interruptible(shown) as advance:
            leak.verify(advance)
        if output == "json":
            put_json(values_of(leak, expected=expected) | {"rows_verified": True})
        else:
            click.echo(verified(leak, expected=expected))
