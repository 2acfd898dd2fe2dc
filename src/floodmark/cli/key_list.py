"""What the commands about keys print: a line or an object for each key, and never a secret."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from floodmark.register.key_files import KeyFile

BARE = (
    "The keys are not wrapped: whoever can read their folder, or a backup of it, has them. "
    "floodmark keys wrap --to passphrase changes that."
)


output_option = click.option(
    "-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout."
)


def show(files: Sequence[KeyFile], output: str) -> None:
    """Print what the files say of their keys, to stdout.

    Args:
        files: the keys.
        output: `human` or `json`.
    """
    from floodmark.register.key_folder import default_folder, file_name

    rows = [
        {
            "purpose": file.purpose,
            "id": file.id,
            "wrap": file.wrap.by,
            "created": file.created,
            "file": file_name(file.purpose),
            **({} if file.public is None else {"public": file.public.hex()}),
        }
        for file in files
    ]
    if output == "json":
        click.echo(json.dumps({"folder": str(default_folder()), "keys": rows}, indent=2))
        return
    for row in rows:
        click.echo("{purpose:8}  {id}  {wrap:10}  {created}  {file}".format(**row))
        if "public" in row:
            click.echo(f"{'':8}  public key {row['public']}")


def warn(files: Sequence[KeyFile]) -> None:
    """Say on stderr what it means when a key is not wrapped."""
    if any(file.wrap.by == "none" for file in files):
        click.echo(BARE, err=True)
