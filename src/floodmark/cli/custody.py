"""`floodmark custody`: who signed a result, over which files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.progress import progress
from floodmark.cli.stdout import put_json
from floodmark.errors import UsageError

if TYPE_CHECKING:
    from floodmark.register.custody import NamedFile, Record

EPILOG = """\b
Examples:
  floodmark custody verify forum-2026
  floodmark custody verify forum-2026 --input dump.txt
  floodmark custody verify handed-over/custody.json --public-key 3b6a27bc...

\b
Exit codes: 0 all is as it was signed; 1 it is not, and stderr says what.
"""
PUBLIC_BYTES = 32


@click.group()
def command() -> None:
    """Check who signed a result, over which files."""


@command.command("verify", epilog=EPILOG)
@click.argument("leak", metavar="SLUG|FILE")
@click.option(
    "--input",
    "inputs",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A file that was read, to compare with what was signed. Repeatable.",
)
@click.option("--public-key", metavar="HEX", help="Key that has to have signed. Default: the workspace's.")
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
def verify(leak: str, inputs: tuple[Path, ...], public_key: str | None, output: str) -> None:
    """Check the signature of a custody record, and every file that it names and that is here.

    SLUG is a saved leak; FILE a custody.json, with a slash in its name or .json at its end, with its custody.json.sig
    beside it. The files that came of the triage lie beside the record and are read through; the dump is compared
    where --input names it.
    """
    from floodmark.register import custody
    from floodmark.register.free_text import visible

    wanted = _public(public_key)
    path, record, public, own = _record(leak)
    if wanted is not None and public != wanted:
        raise custody.CustodyBroken(
            "The record is signed with another key than expected.",
            "Compare the key that it names with the signer's, and give it with --public-key if it is theirs.",
        )
    with progress(sum(item.size for item in record.outputs), "Reading") as advance:
        checked = custody.check_outputs(path.parent, record.outputs, advance)
    matched = _compared(inputs, record.inputs)
    found = {
        "slug": record.slug,
        "saved_at": record.saved_at,
        "public_key": public.hex(),
        "key_is_expected": own or wanted is not None,
        "outputs_checked": checked,
        "inputs": [
            {"label": visible(i.name), "size": i.size, "sha256": i.sha256, "compared": i in matched}
            for i in record.inputs
        ],
    }
    if output == "json":
        put_json(found)
    else:
        click.echo(_words(found))


def _public(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != PUBLIC_BYTES:
        raise UsageError(
            "A public key is 64 hexadecimal digits.", "floodmark keys list shows the workspace's."
        )
    return key


def _record(leak: str) -> tuple[Path, Record, bytes, bool]:
    """The file of a custody record, the record, who signed it, and whether that is the workspace's own key.

    What looks like a path is one; a file that is named like a slug never hides a leak.
    """
    from floodmark.register import custody

    if "/" in leak or leak.endswith(".json"):
        path = Path(leak)
        data = custody.read_bounded(path)
        public = custody.verify(data, custody.read_bounded(path.with_name(path.name + ".sig")))
        return path, custody.read(data), public, False
    from floodmark.cli.workspaces import workspace
    from floodmark.register.lease import lease
    from floodmark.register.saved_custody import saved_record

    place = workspace()
    held = lease(place, leak)
    record, public = saved_record(place, held)
    return held.folder / "custody.json", record, public, True


def _compared(paths: Iterable[Path], known: Sequence[NamedFile]) -> list[NamedFile]:
    """The inputs of the record that are these files.

    Raises:
        CustodyBroken: a file is none of them.
    """
    from floodmark.register import custody

    matched = []
    for path in paths:
        now = custody.named(path, path.name)
        same = [item for item in known if item.sha256 == now.sha256 and item.size == now.size]
        if not same:
            raise custody.CustodyBroken(f"{path.name} is none of the files that were read.")
        matched += same
    return matched


def _words(found: dict[str, Any]) -> str:
    compared = sum(item["compared"] for item in found["inputs"])
    whole = sum(item["sha256"] is not None for item in found["inputs"])
    whose = (
        "the expected key"
        if found["key_is_expected"]
        else "a key that nothing here vouches for; compare it with the signer's"
    )
    return (
        f"The custody record of {found['slug']}, saved {found['saved_at']}, is intact.\n"
        f"Signed by {found['public_key']}: {whose}.\n"
        f"Files that came of it: {found['outputs_checked']}, all as they were signed.\n"
        f"Files that were read whole: {whole} of {len(found['inputs'])}, of which {compared} compared here"
        + (" and the same." if compared else " (name them with --input).")
    )
