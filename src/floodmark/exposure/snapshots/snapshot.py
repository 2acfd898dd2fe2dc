r"""The snapshot, format `floodmark/snapshot/1` (protocol 1, section 5): which sealed leaks answers come from.

Its text is JSON in one form only: names in the order of the protocol's tables, no white space between them, what is
not ASCII as `\uXXXX`, one line feed at the end. What is spelled otherwise is refused.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from floodmark.errors import FloodmarkError
from floodmark.exposure.oprf import SUITE, BadElement, Element, Mode
from floodmark.exposure.sealed.manifest import (
    CANON,
    HASH,
    MOMENT,
    MOST_EPOCH,
    SEAL_ID,
    SLUG,
    Manifest,
    check_protocol,
    keys_table,
    parse_manifest,
    public_key_of,
)
from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.exposure.snapshots.tree import PATH_BYTES
from floodmark.signatures import SIGNATURE, strict_table

FORMAT = "floodmark/snapshot/1"
CONTEXT = b"floodmark/snapshot/1\0"
MOST_NUMBER = 1 << 31
DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
FLAGS = ("verified", "fabricated", "spam_list", "malware", "stealer_log", "synthetic")
TEXTS = ("title", "domain", "description")
DATES = ("breach_date", "published_date")
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


class SnapshotBroken(FloodmarkError):
    """A snapshot, or a file that it names, has not the form of protocol 1, or is not what was signed."""

    slug: ClassVar[str] = "snapshot-broken"
    hint = "Get it again from whoever publishes it; do not rely on this one."


@dataclass(frozen=True)
class SnapshotLeak:
    """A leak as a snapshot tells of it.

    Dates are `2019`, `2019-08`, `2019-08-31` or None.

    Attributes:
        manifest: of its sealed leak.
        signature: of the manifest, by the root key, 64 bytes.
    """

    slug: str
    title: str
    domain: str
    description: str
    breach_date: str | None
    published_date: str | None
    verified: bool
    fabricated: bool
    spam_list: bool
    malware: bool
    stealer_log: bool
    synthetic: bool
    manifest: Manifest
    signature: bytes

    def to_table(self) -> dict[str, Any]:
        """The leak as the snapshot's text has it."""
        names = ("slug", *TEXTS, *DATES, *FLAGS)
        table = {name: getattr(self, name) for name in names}
        return table | {"manifest": self.manifest.to_bytes().decode(), "signature": self.signature.hex()}


@dataclass(frozen=True)
class Predecessor:
    """The snapshot before: its id, and the SHA-256 of its text; both hexadecimal."""

    id: str
    sha256: str


@dataclass(frozen=True)
class Buckets:
    """What buckets.bin is.

    Attributes:
        root: of the tree over all buckets, 32 bytes.
        sha256: of the file, hexadecimal.
    """

    root: bytes
    sha256: str


@dataclass(frozen=True)
class Snapshot:
    """A set of sealed leaks of one epoch, joined bucket by bucket.

    Attributes:
        id: 32 hexadecimal digits.
        number: 1 and up.
        made_at: in UTC, to the second.
        expires_at: the same.
        predecessor: None of the first.
        epoch: of the key.
        public_key: of the epoch.
        leaks: in the order in which an answer has their rows.
        buckets: what buckets.bin is.
    """

    id: str
    number: int
    made_at: datetime
    expires_at: datetime
    predecessor: Predecessor | None
    epoch: int
    public_key: Element
    leaks: tuple[SnapshotLeak, ...]
    buckets: Buckets

    @property
    def rows_bytes(self) -> int:
        """Bytes of the rows of one bucket, of every leak."""
        return sum(leak.manifest.stride for leak in self.leaks)

    @property
    def answer_bytes(self) -> int:
        """Bytes of the answer for a bucket: its rows and its path."""
        return self.rows_bytes + PATH_BYTES

    @property
    def buckets_bytes(self) -> int:
        """Size of buckets.bin."""
        return BUCKETS * self.answer_bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of the text, which the next snapshot names; hexadecimal."""
        return hashlib.sha256(self.to_text().encode()).hexdigest()

    @property
    def synthetic(self) -> bool:
        """Whether any of its leaks is made up for a test."""
        return any(leak.synthetic for leak in self.leaks)

    def to_text(self) -> str:
        """The text that is signed."""
        before = self.predecessor
        table = {
            "format": FORMAT,
            "id": self.id,
            "number": self.number,
            "made_at": self.made_at.strftime(_MOMENT),
            "expires_at": self.expires_at.strftime(_MOMENT),
            "predecessor": None if before is None else {"id": before.id, "sha256": before.sha256},
            "suite": SUITE,
            "mode": int(Mode.VOPRF),
            "canon": CANON,
            "epoch": self.epoch,
            "keys": keys_table(self.public_key),
            "leaks": [leak.to_table() for leak in self.leaks],
            "buckets": {
                "answer_bytes": self.answer_bytes,
                "root": self.buckets.root.hex(),
                "bytes": self.buckets_bytes,
                "sha256": self.buckets.sha256,
            },
        }
        return json.dumps(table, separators=(",", ":")) + "\n"


def parse_snapshot(text: str) -> Snapshot:
    """A snapshot from its exact text; its signature, those of its manifests and its dates are another matter.

    Raises:
        SnapshotBroken: it has another form than protocol 1 gives it.
        ManifestBroken: a manifest in it has.
        ProtocolRefused: it, or a manifest in it, is of another format, suite, mode or canon.
    """
    table = strict_table(text.encode("utf-8", "surrogatepass"))
    if table is None:
        raise SnapshotBroken("A snapshot is no JSON object.")
    check_protocol(table, FORMAT, "snapshot")
    try:
        found = _parsed(table)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, BadElement):
        found = None
    # Written in one form only: so sizes that do not add up, and a name more, are refused, too.
    if found is None or found.to_text() != text:
        raise SnapshotBroken("A snapshot has not the form of protocol 1.")
    return found


def _parsed(table: Mapping[str, Any]) -> Snapshot:
    before = table["predecessor"]
    found = Snapshot(
        id=_text(table["id"], SEAL_ID),
        number=_number(table["number"], 1, MOST_NUMBER),
        made_at=moment(table["made_at"]),
        expires_at=moment(table["expires_at"]),
        predecessor=None
        if before is None
        else Predecessor(_text(before["id"], SEAL_ID), _text(before["sha256"], HASH)),
        epoch=_number(table["epoch"], 1, MOST_EPOCH),
        public_key=public_key_of(table["keys"]),
        leaks=tuple(_leak(item) for item in table["leaks"]),
        buckets=Buckets(
            bytes.fromhex(_text(table["buckets"]["root"], HASH)), _text(table["buckets"]["sha256"], HASH)
        ),
    )
    slugs, seals = {leak.slug for leak in found.leaks}, {leak.manifest.seal_id for leak in found.leaks}
    once = len(slugs) == len(seals) == len(found.leaks) > 0
    if not once or (found.number == 1) != (before is None) or found.expires_at <= found.made_at:
        raise ValueError("another form")
    return found


def _leak(item: Mapping[str, Any]) -> SnapshotLeak:
    values: dict[str, Any] = {name: _words(item[name]) for name in TEXTS}
    values |= {name: _date(item[name]) for name in DATES}
    values |= {name: _flag(item[name]) for name in FLAGS}
    found = SnapshotLeak(
        slug=_text(item["slug"], SLUG),
        **values,
        manifest=parse_manifest(_words(item["manifest"]).encode()),
        signature=bytes.fromhex(_text(item["signature"], SIGNATURE)),
    )
    if found.slug != found.manifest.slug or found.synthetic != found.manifest.synthetic:
        raise ValueError("the manifest of another leak")
    return found


def moment(value: Any) -> datetime:
    """A time of the protocol, in UTC.

    Raises:
        ValueError: it has another form.
    """
    return datetime.strptime(_text(value, MOMENT), _MOMENT).replace(tzinfo=UTC)


def _text(value: Any, form: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ValueError("another form")
    return value


def _words(value: Any) -> str:
    """Any text of Unicode; half a surrogate pair, which JSON can spell, is none."""
    if not isinstance(value, str):
        raise ValueError("another form")
    value.encode()
    return value


def _date(value: Any) -> str | None:
    if value is None:
        return None
    text = _text(value, DATE)
    date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    return text


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError("another form")
    return value


def _number(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError("another form")
    return value
