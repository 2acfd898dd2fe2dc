"""The leaks that a server tells of: to everybody those in its snapshot, to whoever may read all those in the register.

What everybody is told of a leak stands in the signed snapshot; a server with a workspace adds what its register has,
and tells kinds of data and counts as the public profile does, in which nobody is known by being rare. Whether a leak is
public is decided in memory alone, so that one that is not is refused as one that is not there.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from floodmark.assessment.timeline import Timeline
from floodmark.errors import FloodmarkError
from floodmark.exposure.snapshots import Snapshot, SnapshotLeak
from floodmark.register.leaks import Leak, LeakNotFound
from floodmark.triage.public_profile import PublicProfile
from floodmark.web.problems import Refusal
from floodmark.web.register_reading import Custody, RegisterReading
from floodmark.web.shown_leaks import ShownLeak, of_register, of_snapshot

if TYPE_CHECKING:
    from floodmark.register.workspace import Workspace
    from floodmark.web.published import PublishedSnapshot


class ProfileUnsound(Refusal):
    """The profile of a leak is not what was signed, or cannot be read."""

    slug: ClassVar[str] = "profile-unsound"
    status: ClassVar[int] = 503
    hint = "Whoever runs this server has to look into it."


_NO_ROWS: Mapping[str, Leak] = {}


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
                listed = {one.slug: self._shown(one, _published(one, row)) for one, row in found}
                if all(one.exact or one.field_types for one in listed.values()):
                    self._listed = (snapshot.id, rows, listed)
            return listed

    def everything(self) -> Mapping[str, ShownLeak]:
        """All leaks there are, by slug, for whoever may read all."""
        try:
            public = self.public()
        except FloodmarkError:
            public = {}
        rows = self._rows()
        return {**{slug: of_register(row) for slug, row in rows.items()}, **public}

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

    def timeline(self, leak: ShownLeak) -> Timeline | None:
        """What was said of a leak, with what tests make of it; None where there is no register of it.

        Of a public leak, nothing in it rests on one that is not.
        """
        if leak.saved_at is None or self._register is None:
            return None
        known = self.public() if leak.public else self.everything()
        titles = {one.slug: one.title for one in known.values() if one.saved_at is not None}
        return self._register.timeline(leak.slug, titles)

    def whole_timeline(self, leak: Leak) -> Timeline:
        """What was said of a leak, tested by all that the register knows, for analysts.

        Raises:
            LeakNotFound: there is no register.
        """
        if self._register is None:
            raise LeakNotFound("This server has no register.")
        return self._register.whole_timeline(leak.slug, leak.title)

    def _shown(self, leak: SnapshotLeak, row: Leak | None) -> ShownLeak:
        """A published leak; of one whose profile is unsound no kind of data is named."""
        if row is None or self._register is None:
            return of_snapshot(leak)
        try:
            held = [one.type for one in self._register.profile(row.slug, row.saved_at)[0].fields]
        except FloodmarkError:
            held = []
        return of_snapshot(leak, row, held)

    def _rows(self) -> Mapping[str, Leak]:
        return _NO_ROWS if self._register is None else self._register.leaks()


def _published(leak: SnapshotLeak, row: Leak | None) -> Leak | None:
    """The row of a published leak; None where another was saved under its name since, or it may not be told of."""
    if row is None or row.sensitive or row.retired or row.saved_at > leak.manifest.sealed_at:
        return None
    return row
