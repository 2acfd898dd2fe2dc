"""A sealed leak for a terminal, and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.exposure.sealed.sealed_leak import SealedLeak
from floodmark.reports.labels import field_name, values_name
from floodmark.reports.numbers import count, plural, share, size

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST_FIELD_SETS = 10


def values_of(leak: SealedLeak, *, expected: bool) -> dict[str, Any]:
    """The manifest, as it is, beside who signed it and what follows from it."""
    return {
        "manifest": json.loads(leak.manifest.to_bytes()),
        "signed_by": leak.signer.hex(),
        "key_is_expected": expected,
        "members": _members(leak),
        "bytes_a_member": _bytes_a_member(leak),
        "bucket_bytes": leak.manifest.stride,
    }


def render(leak: SealedLeak, *, expected: bool) -> RenderableType:
    """What it is, for `rich.console.Console.print`."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    manifest = leak.manifest
    members, rows = _members(leak), BUCKETS * manifest.m
    each = _bytes_a_member(leak)
    facts = {
        "sealed": f"{manifest.sealed_at} as {manifest.seal_id}",
        "epoch": f"{manifest.epoch}, whose public key is\n{manifest.public_key.hex()}",
        "signed by": f"{_whose(expected=expected)}\n{leak.signer.hex()}",
        "identifiers": "\n".join(
            f"{count(number)} {values_name(kind)}" for kind, number in manifest.members.items()
        ),
        "rows": f"{count(rows)}, in {count(BUCKETS)} buckets of {count(manifest.m)}; "
        f"{share(rows - members, rows)} filler",
        "size": size(manifest.rows_bytes) + (f", {each:,.2f} bytes an identifier" if each else ""),
        "a check": f"reads {size(manifest.stride)} of it, and as much for each decoy",
        "field sets": _field_sets(leak),
    }
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in facts.items():
        if value:
            grid.add_row(Text(name, style="dim"), Text(value))
    made_up = [Text("SYNTHETIC DATA: nothing here describes a real person.", style="bold yellow")]
    title = Text(f"Sealed leak of {manifest.slug}", style="bold")
    return Group(*(made_up if manifest.synthetic else []), title, grid)


def verified(leak: SealedLeak, *, expected: bool) -> str:
    """What to say of one that was read through and is sound."""
    manifest = leak.manifest
    return (
        f"The sealed leak of {manifest.slug}, sealed {manifest.sealed_at}, is as it was signed.\n"
        f"Signed by {_whose(expected=expected)} {leak.signer.hex()}\n"
        f"Read: {size(manifest.rows_bytes)}, {count(BUCKETS)} buckets of {plural(manifest.m, 'row')}, all in order."
    )


def _whose(*, expected: bool) -> str:
    if expected:
        return "the expected key"
    return "a key that nothing here vouches for (compare it, and give it with --root-key):"


def _members(leak: SealedLeak) -> int:
    return sum(leak.manifest.members.values())


def _bytes_a_member(leak: SealedLeak) -> float | None:
    """Size by identifiers, to two digits; None where there are none."""
    members = _members(leak)
    return round(leak.manifest.rows_bytes / members, 2) if members else None


def _field_sets(leak: SealedLeak) -> str:
    sets = leak.manifest.field_sets
    lines = [
        ", ".join(map(field_name, labels)) or "nothing but the identifier"
        for labels in sets[:MOST_FIELD_SETS]
    ]
    if len(sets) > MOST_FIELD_SETS:
        types = {label for labels in sets for label in labels}
        lines.append(
            f"and {count(len(sets) - MOST_FIELD_SETS)} more, of {plural(len(types), 'field type')} in all"
        )
    return "\n".join(lines)
