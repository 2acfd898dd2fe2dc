"""Which leaks go into a snapshot: sealed under the live epoch's key, and neither sensitive nor retired."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Connection

from floodmark.errors import FloodmarkError, NothingToRead, UsageError
from floodmark.exposure.sealed.manifest import Manifest
from floodmark.exposure.snapshots import Snapshot, SnapshotLeak, WrongEpoch
from floodmark.register.leaks import Leak, get_leak, list_leaks
from floodmark.register.sealed_leaks import NotSealed, SealedRow, list_sealed
from floodmark.register.snapshot_leftovers import NAME
from floodmark.register.snapshot_rows import SnapshotRow, list_snapshots

if TYPE_CHECKING:
    from floodmark.register.workspace import Workspace

MOST_NAMED = 8


class SensitiveLeak(UsageError):
    """A leak that is marked as sensitive was named for a snapshot; exit code 2."""

    slug: ClassVar[str] = "sensitive-leak"
    hint = (
        "Whoever knows somebody's number could see that they are in it. Leave it out; people in it are told "
        "after they prove control."
    )


class RetiredLeak(UsageError):
    """A leak that is retired was named for a snapshot; exit code 2."""

    slug: ClassVar[str] = "retired-leak"
    hint = "Leave it out, or take it back with floodmark leak edit SLUG --no-retired."


class SnapshotOutdated(UsageError):
    """A snapshot holds a leak that may not be in one any more; exit code 2."""

    slug: ClassVar[str] = "snapshot-outdated"
    hint = (
        "Make a new one, which leaves it out: floodmark snapshot make. Where it was published, publish that, or take "
        "it down with floodmark publish DIR --withdraw."
    )


@dataclass(frozen=True)
class LiveKey:
    """The evaluation key of now: its epoch, and its public key as 64 hexadecimal digits."""

    epoch: int
    public: str


@dataclass(frozen=True)
class LeftOut:
    """A leak that is not in a snapshot, and the error that naming it would have been."""

    slug: str
    why: FloodmarkError

    @property
    def reason(self) -> str:
        """The error's slug, such as `sensitive-leak`."""
        return self.why.slug


@dataclass(frozen=True)
class Choice:
    """The leaks of a snapshot with their sealed leaks, by slug, and those that were left out."""

    leaks: tuple[tuple[Leak, SealedRow], ...]
    left_out: tuple[LeftOut, ...]


def choose(connection: Connection, slugs: Iterable[str] | None, live: LiveKey) -> Choice:
    """The leaks of a snapshot.

    Args:
        connection: to the register.
        slugs: those that were named, all of which have to go in; None for all that can.
        live: the evaluation key of now.

    Raises:
        LeakNotFound, NotSealed, SensitiveLeak, RetiredLeak, WrongEpoch: a leak that was named cannot go in.
        NothingToRead: no leak can.
    """
    rows = {row.slug: row for row in list_sealed(connection)}
    named = None if slugs is None else sorted(set(slugs))
    leaks = list_leaks(connection) if named is None else [get_leak(connection, slug) for slug in named]
    judged = [(leak, rows.get(leak.slug), _refused(leak, rows.get(leak.slug), live)) for leak in leaks]
    if named is not None:
        for _, _, why in judged:
            if why is not None:
                raise why
    kept = tuple((leak, row) for leak, row, why in judged if why is None and row is not None)
    left_out = tuple(LeftOut(leak.slug, why) for leak, _, why in judged if why is not None)
    if not kept:
        raise _nothing(left_out)
    return Choice(kept, left_out)


def check_still_fit(connection: Connection, snapshot: Snapshot) -> None:
    """Refuse a snapshot of this workspace with a leak that was forgotten, retired or marked as sensitive since.

    A snapshot that somebody else made is not for this workspace to judge.

    Raises:
        SnapshotOutdated: it has such a leak.
    """
    if snapshot.id in {row.id for row in list_snapshots(connection)}:
        _check_leaks(connection, [leak.slug for leak in snapshot.leaks])


def still_fit(workspace: Workspace, folder: Path) -> None:
    """Refuse to answer from a snapshot of the workspace with a leak that was retired or marked as sensitive since.

    Args:
        workspace: whose snapshots are judged.
        folder: of the snapshot; one that is not the workspace's is not for it to judge.

    Raises:
        SnapshotOutdated: it has such a leak.
    """
    with workspace.connect() as connection:
        for row in list_snapshots(connection):
            if folder == workspace.folder / NAME / row.id:
                _check_leaks(connection, row.leaks)


def synthetic_among(workspace: Workspace, rows: Sequence[SnapshotRow]) -> set[str]:
    """Ids of those snapshots of the workspace that hold made-up data."""
    with workspace.connect() as connection:
        made_up = {leak.slug for leak in list_leaks(connection) if leak.synthetic}
    return {row.id for row in rows if made_up & set(row.leaks)}


def _check_leaks(connection: Connection, slugs: Iterable[str]) -> None:
    leaks = {leak.slug: leak for leak in list_leaks(connection)}
    for slug in slugs:
        leak = leaks.get(slug)
        if leak is None or leak.sensitive or leak.retired:
            since = "forgotten" if leak is None else "marked as sensitive" if leak.sensitive else "retired"
            raise SnapshotOutdated(f"{slug} was {since} since the snapshot was made.")


def told(leak: Leak, manifest: Manifest, signature: bytes) -> SnapshotLeak:
    """A leak as a snapshot tells of it."""
    return SnapshotLeak(
        slug=leak.slug,
        title=leak.title,
        domain=leak.domain,
        description=leak.description,
        breach_date=leak.breach_date,
        published_date=leak.published_date,
        verified=leak.verified,
        fabricated=leak.fabricated,
        spam_list=leak.spam_list,
        malware=leak.malware,
        stealer_log=leak.stealer_log,
        synthetic=leak.synthetic,
        manifest=manifest,
        signature=signature,
    )


def _nothing(left_out: Sequence[LeftOut]) -> NothingToRead:
    """That no leak can go in, and why of each, as far as they can be named."""
    words = ["No leak of this workspace can go into a snapshot."]
    words += [one.why.message for one in left_out[:MOST_NAMED]]
    if len(left_out) > MOST_NAMED:
        words.append(f"{len(left_out) - MOST_NAMED:,} more cannot.")
    hint = "Seal one with floodmark seal SLUG --from DUMP; sensitive and retired ones stay out."
    if any(isinstance(one.why, SensitiveLeak | RetiredLeak) for one in left_out):
        hint += " To take down what was published before: floodmark publish DIR --withdraw."
    return NothingToRead(" ".join(words), hint)


def _refused(leak: Leak, row: SealedRow | None, live: LiveKey) -> FloodmarkError | None:
    """Why a leak cannot go in; sensitive ones first, since nothing makes up for that."""
    if leak.sensitive:
        return SensitiveLeak(f"{leak.slug} is marked as sensitive, and such a leak never enters a snapshot.")
    if leak.retired:
        return RetiredLeak(f"{leak.slug} is retired.")
    if row is None:
        return NotSealed(f"{leak.slug} is not sealed.")
    if (row.epoch, row.public_key) != (live.epoch, live.public):
        return WrongEpoch(
            f"{leak.slug} is sealed under the key of epoch {row.epoch}, and the live one is of epoch {live.epoch}.",
            f"Seal it again: floodmark seal {leak.slug} --from DUMP.",
        )
    return None
