"""What the commands about keys print: a line or two, or an object, for each key, and never a secret.

The public half of the signing key is the root key, by which clients of the private check know what is published.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

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

    rows: list[dict[str, Any]] = [
        {
            "purpose": file.purpose,
            "id": file.id,
            "wrap": file.wrap.by,
            "created": file.created,
            "file": file_name(file.purpose),
            **({} if file.epoch is None else {"epoch": file.epoch}),
            **({} if file.public is None else {"public": file.public.hex()}),
        }
        for file in files
    ]
    root = next((row["public"] for row in rows if row["purpose"] == "signing"), None)
    if output == "json":
        known = {} if root is None else {"root_key": root}
        click.echo(json.dumps({"folder": str(default_folder()), **known, "keys": rows}, indent=2))
        return
    for row in rows:
        click.echo("{purpose:10}  {id}  {wrap:10}  {created}  {file}".format(**row))
        if "epoch" in row:
            click.echo(f"{'':10}  epoch {row['epoch']}, public key {row['public']}")
        elif "public" in row:
            click.echo(f"{'':10}  public key, and root key of clients: {row['public']}")


def warn(files: Sequence[KeyFile]) -> None:
    """Say on stderr what it means when a key is not wrapped."""
    if any(file.wrap.by == "none" for file in files):
        click.echo(BARE, err=True)
