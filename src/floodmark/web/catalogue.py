"""The leaks that a server tells of: to everybody those in its snapshot, to whoever may read all those in the register.

What everybody is told of a leak stands in the signed snapshot; a server with a workspace adds what its register has.
Whether a leak is public is decided in memory alone, so that one that is not is refused as one that is not there.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from floodmark.errors import FloodmarkError
from floodmark.exposure.snapshots import Snapshot, SnapshotLeak
from floodmark.identifiers import FieldType
from floodmark.register.leaks import Leak, LeakNotFound
from floodmark.register.statements import Statement
from floodmark.triage.public_profile import PublicProfile
from floodmark.web.problems import Refusal
from floodmark.web.register_reading import Custody, RegisterReading

if TYPE_CHECKING:
    from floodmark.register.workspace import Workspace
    from floodmark.web.published import PublishedSnapshot


class ProfileUnsound(Refusal):
    """The profile of a leak is not what was signed, or cannot be read."""

    slug: ClassVar[str] = "profile-unsound"
    status: ClassVar[int] = 503
    hint = "Whoever runs this server has to look into it, with floodmark custody verify."


@dataclass(frozen=True, kw_only=True)
class ShownLeak:
    """A leak as it is told of.

    Dates are `2019`, `2019-08`, `2019-08-31` or None.

    Attributes:
        public: whether it is in the snapshot.
        field_types: labels of what it holds, in the order of their numbers.
        members: identifiers by kind; of a public one those that were sealed.
        sealed_at: ISO 8601, UTC; None of one that is not public.
        saved_at: the same; None where the register does not have it.
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
    public: bool
    sensitive: bool = False
    retired: bool = False
    attribution: str = ""
    disclosure_url: str = ""
    field_types: tuple[str, ...] = ()
    members: Mapping[str, int] = field(default_factory=dict)
    sealed_at: str | None = None
    saved_at: str | None = None


_NO_ROWS: Mapping[str, Leak] = {}
_SAME = (
    "slug", "title", "domain", "description", "breach_date", "published_date", "verified", "fabricated",
    "spam_list", "malware", "stealer_log", "synthetic",
)  # fmt: skip


class Catalogue:
    """What a server tells of leaks; several threads may ask.

    Args:
        published: the snapshot that it answers from.
        root_key: that signs it, 32 bytes.
        workspace: the register; None for a server that has files alone.
    """

    def __init__(self, published: PublishedSnapshot, root_key: bytes, workspace: Workspace | None) -> None:
        self._published = published
        self._root_key = root_key
        self._register = None if workspace is None else RegisterReading(workspace)
        self._lock = threading.Lock()
        self._listed: tuple[str, Mapping[str, Leak], Mapping[str, ShownLeak]] = ("", {}, {})

    def snapshot(self) -> Snapshot:
        """What is answered from now.

        Raises:
            FloodmarkError: there is none.
        """
        return self._published.current().snapshot

    def public(self) -> Mapping[str, ShownLeak]:
        """The leaks that everybody is told of, by slug, in the order of the snapshot.

        Raises:
            FloodmarkError: there is no snapshot that may be answered from.
        """
        snapshot = self.snapshot()
        rows = self._rows()
        with self._lock:
            of, known, listed = self._listed
            if of != snapshot.id or known is not rows:
                ours = self._register is not None and self._register.signer() == self._root_key
                found = ((one, rows.get(one.slug) if ours else None) for one in snapshot.leaks)
                listed = {one.slug: _of_snapshot(one, _published(one, row)) for one, row in found}
                self._listed = (snapshot.id, rows, listed)
            return listed

    def everything(self) -> Mapping[str, ShownLeak]:
        """All leaks there are, by slug, for whoever may read all."""
        try:
            public = self.public()
        except FloodmarkError:
            public = {}
        rows = self._rows()
        return {**{slug: _of_register(row) for slug, row in rows.items()}, **public}

    def find(self, slug: str, *, reads_all: bool = False) -> ShownLeak:
        """One leak.

        Args:
            slug: whatever was asked for.
            reads_all: whether whoever asks may read those that are not public.

        Raises:
            LeakNotFound: there is none that whoever asks may know of.
            FloodmarkError: there is no snapshot that may be answered from.
        """
        found = (self.everything() if reads_all else self.public()).get(slug)
        if found is None:
            raise LeakNotFound("There is no leak of this name that you could be told of.", "See /v1/leaks.")
        return found

    def profile(self, leak: ShownLeak) -> tuple[PublicProfile, Custody] | None:
        """What of a leak's profile may be public, and how it was read; None where there is no register of it.

        Raises:
            ProfileUnsound: it is not what was signed, or cannot be read.
        """
        if leak.saved_at is None or self._register is None:
            return None
        try:
            return self._register.profile(leak.slug, leak.saved_at)
        except FloodmarkError as error:
            raise ProfileUnsound("What was counted in this leak cannot be shown.") from error

    def statements(self, leak: ShownLeak) -> list[Statement] | None:
        """What was said of a leak, in the order in which it was; None where there is no register of it."""
        if leak.saved_at is None or self._register is None:
            return None
        return self._register.statements(leak.slug)

    def _rows(self) -> Mapping[str, Leak]:
        return _NO_ROWS if self._register is None else self._register.leaks()


def _published(leak: SnapshotLeak, row: Leak | None) -> Leak | None:
    """The row of a published leak; None where another was saved under its name since, or it may not be told of."""
    if row is None or row.sensitive or row.retired or row.saved_at > leak.manifest.sealed_at:
        return None
    return row


def _of_snapshot(leak: SnapshotLeak, row: Leak | None) -> ShownLeak:
    values = {name: getattr(leak, name) for name in _SAME}
    labels = set().union(*leak.manifest.field_sets)
    if row is not None:
        values |= {name: getattr(row, name) for name in ("attribution", "disclosure_url", "saved_at")}
    return ShownLeak(
        **values,
        public=True,
        field_types=_ordered(labels),
        members=leak.manifest.members,
        sealed_at=leak.manifest.sealed_at,
    )


def _of_register(row: Leak) -> ShownLeak:
    names = (*_SAME, "sensitive", "retired", "attribution", "disclosure_url", "saved_at")
    values = {name: getattr(row, name) for name in names}
    return ShownLeak(
        **values, public=False, field_types=_ordered(set(row.field_types)), members=row.identifiers
    )


def _ordered(labels: set[str]) -> tuple[str, ...]:
    """Labels by number; those that this version does not know are last."""
    numbers = {kind.label: kind.value for kind in FieldType}
    return tuple(sorted(labels, key=lambda label: (numbers.get(label, 1 << 16), label)))
