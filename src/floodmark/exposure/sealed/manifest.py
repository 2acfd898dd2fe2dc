"""The manifest of a sealed leak, format `floodmark/manifest/1` (protocol 1, section 4)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from floodmark.errors import FloodmarkError
from floodmark.exposure.oprf import SUITE, BadElement, Element, Mode, element
from floodmark.exposure.sealed.rows import BUCKETS, CELL_BYTES, LEAST_ROWS, TAG_BYTES
from floodmark.identifiers import KINDS
from floodmark.signatures import strict_table

FORMAT = "floodmark/manifest/1"
CONTEXT = b"floodmark/manifest/1\0"
CANON = 1
NPY_HEADER = 128
MOST_EPOCH = (1 << 31) - 1
MOST_FIELD_SETS = 1 << 22
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
HASH = re.compile(r"[0-9a-f]{64}")
SEAL_ID = re.compile(r"[0-9a-f]{32}")
MOMENT = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z")
LABEL = re.compile(r"[a-z][a-z0-9_]{0,39}")  # also one that this version does not know yet


class ManifestBroken(FloodmarkError):
    """A manifest has not the form of one, or says what cannot be."""

    slug: ClassVar[str] = "manifest-broken"
    hint = "Get it again from whoever sealed the leak; do not rely on this one."


class ProtocolRefused(FloodmarkError):
    """A manifest or snapshot is of another protocol: another suite, mode, canon or format than this version's."""

    slug: ClassVar[str] = "protocol-refused"
    hint = "Nothing weaker is accepted. If it is newer than this version of Floodmark, upgrade."


@dataclass(frozen=True)
class Manifest:
    """What a sealed leak is.

    Attributes:
        seal_id: 32 hexadecimal digits.
        slug: the leak's.
        synthetic: whether the data is made up for a test.
        sealed_at: ISO 8601 in UTC to the second.
        epoch: of the key.
        public_key: of the epoch.
        members: identifiers by kind.
        field_sets: labels of field types, by number.
        cell_bytes: 2 or 4.
        m: rows of a bucket.
        rows_bytes: size of rows.npy.
        rows_sha256: of rows.npy, hexadecimal.
    """

    seal_id: str
    slug: str
    synthetic: bool
    sealed_at: str
    epoch: int
    public_key: Element
    members: Mapping[str, int]
    field_sets: tuple[tuple[str, ...], ...]
    cell_bytes: int
    m: int
    rows_bytes: int
    rows_sha256: str

    @property
    def row_bytes(self) -> int:
        """Bytes of a row."""
        return TAG_BYTES + self.cell_bytes

    @property
    def stride(self) -> int:
        """Bytes of a bucket."""
        return self.m * self.row_bytes

    def to_bytes(self) -> bytes:
        """The content of manifest.json."""
        table = {
            "format": FORMAT,
            "suite": SUITE,
            "mode": int(Mode.VOPRF),
            "canon": CANON,
            "epoch": self.epoch,
            "seal_id": self.seal_id,
            "slug": self.slug,
            "synthetic": self.synthetic,
            "sealed_at": self.sealed_at,
            "members": {kind: self.members[kind] for kind in KINDS if kind in self.members},
            "field_sets": [list(labels) for labels in self.field_sets],
            "cell_bytes": self.cell_bytes,
            "m": self.m,
            "rows": {"bytes": self.rows_bytes, "sha256": self.rows_sha256},
            "keys": keys_table(self.public_key),
        }
        return (json.dumps(table, separators=(",", ":")) + "\n").encode()


def keys_table(public: Element) -> list[dict[str, Any]]:
    """`keys` as manifests and snapshots have it: one share."""
    return [{"t": 1, "n": 1, "public_key": public.hex(), "shares": [public.hex()]}]


def parse_manifest(data: bytes) -> Manifest:
    """A manifest from its exact bytes; its signature is another matter.

    Raises:
        ManifestBroken: it has another form than protocol 1 gives it.
        ProtocolRefused: it is of another format, suite, mode or canon.
    """
    table = strict_table(data)
    if table is None:
        raise ManifestBroken("A manifest is no JSON object.")
    check_protocol(table, FORMAT, "manifest")
    try:
        found = _parsed(table)
    except (KeyError, TypeError, ValueError, AttributeError, BadElement):
        found = None
    # Written in one form only: so a name more, or a number spelled otherwise, is refused.
    if found is None or found.to_bytes() != data:
        raise ManifestBroken("A manifest has not the form of protocol 1.")
    return found


def check_protocol(table: Mapping[str, Any], form: str, what: str) -> None:
    """Refuse another protocol than this one.

    Raises:
        ProtocolRefused: `format`, `suite`, `mode` or `canon` is another.
    """
    expected = {"format": form, "suite": SUITE, "mode": int(Mode.VOPRF), "canon": CANON}
    for name, value in expected.items():
        found = table.get(name)
        if type(found) is not type(value) or found != value:
            raise ProtocolRefused(f"A {what} has another {name} than protocol 1.")


def public_key_of(keys: Any) -> Element:
    """The epoch's public key, of the `keys` of a manifest or snapshot.

    Raises:
        ValueError: they have another form.
        BadElement: the key is none.
    """
    if not isinstance(keys, list) or len(keys) != 1:
        raise ValueError("another form")
    public = element(bytes.fromhex(keys[0]["public_key"]))
    if keys != keys_table(public):
        raise ValueError("another form")
    return public


def _parsed(table: dict[str, Any]) -> Manifest:
    members, sets = table["members"], table["field_sets"]
    found = Manifest(
        seal_id=_text(table["seal_id"], SEAL_ID),
        slug=_text(table["slug"], SLUG),
        synthetic=_flag(table["synthetic"]),
        sealed_at=_moment(table["sealed_at"]),
        epoch=_number(table["epoch"], 1, MOST_EPOCH),
        public_key=public_key_of(table["keys"]),
        members={kind: _number(count, 0, 1 << 62) for kind, count in members.items()},
        field_sets=tuple(tuple(labels) for labels in sets),
        cell_bytes=_number(table["cell_bytes"], CELL_BYTES[0], CELL_BYTES[-1]),
        m=_number(table["m"], LEAST_ROWS, 1 << 40),
        rows_bytes=_number(table["rows"]["bytes"], 0, 1 << 62),
        rows_sha256=_text(table["rows"]["sha256"], HASH),
    )
    named = all(LABEL.fullmatch(label) for labels in found.field_sets for label in labels)
    named &= all(len(set(labels)) == len(labels) for labels in found.field_sets)
    fits = len(found.field_sets) <= min(1 << 8 * found.cell_bytes, MOST_FIELD_SETS)
    sized = found.rows_bytes == NPY_HEADER + BUCKETS * found.stride
    if found.cell_bytes not in CELL_BYTES or not (named and fits and sized):
        raise ValueError("another form")
    if sum(found.members.values()) > BUCKETS * found.m:
        raise ValueError("more identifiers than rows")
    return found


def _text(value: Any, form: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ValueError("another form")
    return value


def _moment(value: Any) -> str:
    text = _text(value, MOMENT)
    datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    return text


def _number(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError("another form")
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError("another form")
    return value
