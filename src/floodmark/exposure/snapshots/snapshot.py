r"""The snapshot, format `floodmark/snapshot/1` (protocol 1, section 5): which sealed leaks answers come from.

Its text is JSON in one form only: names in the order of the protocol's tables, no white space between them, what is
not ASCII as `\uXXXX`, one line feed at the end. What is spelled otherwise is refused.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from floodmark.errors import FloodmarkError
from floodmark.exposure.oprf import SUITE, Element, Mode
from floodmark.exposure.sealed.manifest import CANON, Manifest, keys_table
from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.exposure.snapshots.tree import PATH_BYTES

FORMAT = "floodmark/snapshot/1"
CONTEXT = b"floodmark/snapshot/1\0"
FLAGS = ("verified", "fabricated", "spam_list", "malware", "stealer_log", "synthetic")
TEXTS = ("title", "domain", "description")
DATES = ("breach_date", "published_date")
MOMENT_FORM = "%Y-%m-%dT%H:%M:%SZ"


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
            "made_at": self.made_at.strftime(MOMENT_FORM),
            "expires_at": self.expires_at.strftime(MOMENT_FORM),
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
