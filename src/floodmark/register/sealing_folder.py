"""Where a leak is sealed: `sealing/` in the leak's folder, which a kill leaves for the same command to go on from.

sealing/.lock             held by the process that seals
sealing/plan.json         what the sealed leak is made with; another plan begins anew
sealing/rows-*.journal    what was evaluated so far, encrypted
sealing/out/              the sealed leak, until it is renamed to sealed/<seal_id>/
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from floodmark.exposure.sealed.rows import SEAL_ID_BYTES
from floodmark.exposure.sealing.ranks import DumpDiffers
from floodmark.files import write_atomic
from floodmark.register import lock
from floodmark.register.database import WorkspaceUnwritable
from floodmark.register.folders import make_private, remove_tree, sync, sync_tree
from floodmark.register.leaks import get_leak
from floodmark.register.lease import remove_unread
from floodmark.register.sealed_leaks import FOLDER, SealedRow, put_sealed
from floodmark.register.staging import COMMIT_SECONDS
from floodmark.register.write_errors import write_errors

if TYPE_CHECKING:
    from floodmark.register.workspace import Workspace

NAME = "sealing"
FORMAT = "floodmark/sealing/1"


@dataclass(frozen=True)
class Plan:
    """What decides the rows of a sealed leak beside its `seal_id`; a seal goes on only under the same plan.

    Attributes:
        kinds: of identifiers, in their order.
        cell_bytes: 2 or 4.
        epoch: of the key.
        public_key: of the epoch, 64 hexadecimal digits.
        saved_at: when the leak was saved, since a leak that was saved anew has other arrays.
    """

    kinds: tuple[str, ...]
    cell_bytes: int
    epoch: int
    public_key: str
    saved_at: str


class SealingFolder:
    """The folder of one leak's seal, held by this process; made by `opened`.

    Attributes:
        folder: `sealing/` in the leak's folder.
    """

    def __init__(self, workspace: Workspace, leak_folder: Path) -> None:
        self.folder = leak_folder / NAME
        self._workspace = workspace
        self._leak_folder = leak_folder

    @classmethod
    @contextmanager
    def opened(cls, workspace: Workspace, leak_folder: Path) -> Iterator[Self]:
        """Hold the folder of a leak's seal, made if need be.

        Raises:
            WorkspaceBusy: another process seals the leak.
            WorkspaceUnwritable: read-only, full or not permitted; also for a disk that is full in the block.
        """
        place = cls(workspace, leak_folder)
        with write_errors(leak_folder):
            held = lock.held(
                leak_folder / f".{NAME}.lock", "seal", wait=workspace.wait, waiting=workspace.waiting
            )
            with held:
                if place.folder.is_symlink():
                    raise WorkspaceUnwritable(
                        f"{NAME} in the folder of a leak is a link, and only the workspace itself is written to.",
                        "Remove it: what was evaluated into another folder is not gone on from.",
                    )
                make_private(place.folder)
                yield place

    def begun(
        self, plan: Plan, former: str | None, random: Callable[[int], bytes], said: Callable[[str], None]
    ) -> bytes:
        """The `seal_id` of a seal under this plan: that of the one to go on with, or a new one.

        One under which a sealed leak is there is never taken again, as what a kill left could have it: two that
        differ in their filler alone would show, side by side, which rows are none.

        Args:
            plan: of now.
            former: `seal_id` of the leak's sealed leak, which may be published; None where it has none.
            random: gives random bytes.
            said: told when what was begun under another plan is dropped.
        """
        path = self.folder / "plan.json"
        begun = _read(path)
        if begun is not None and begun.seal_id.hex() != former:
            if begun.plan == plan:
                return begun.seal_id
            said(
                "What was begun was for another key, other kinds or a former save of the leak: it begins anew."
            )
        for journal in self.folder.glob("rows-*.journal"):
            journal.unlink()
        seal_id = random(SEAL_ID_BYTES)
        table = {"format": FORMAT, "seal_id": seal_id.hex(), **asdict(plan)}
        write_atomic(path, (json.dumps(table, indent=2) + "\n").encode(), private=True)
        return seal_id

    def output(self) -> Path:
        """An empty folder for the sealed leak's files."""
        out = self.folder / "out"
        if out.is_dir() and not out.is_symlink():
            remove_tree(out)
        else:
            out.unlink(missing_ok=True)
        out.mkdir(mode=0o700)
        return out

    def commit(self, row: SealedRow, saved_at: str) -> None:
        """Make `output()` the leak's sealed leak: flushed, renamed, then named by a row. The journal goes.

        Raises:
            DumpDiffers: the leak was forgotten or saved anew meanwhile.
            WorkspaceBusy, WorkspaceUnwritable: it could not be kept; what there was before still is.
        """
        out, place = self.folder / "out", self._leak_folder / FOLDER / row.seal_id
        sync_tree(out)
        patience = max(self._workspace.wait, COMMIT_SECONDS)
        with self._workspace.locked("seal", wait=patience) as connection:
            with connection.begin():
                leak = get_leak(connection, row.slug)
            if leak.saved_at != saved_at or leak.folder != self._leak_folder.name:
                raise DumpDiffers(
                    f"{row.slug} was saved anew meanwhile.", "Seal it from the dump of the new save."
                )
            make_private(place.parent)
            if place.exists():  # renamed by a run that was killed before its row
                remove_tree(place)
            out.rename(place)
            sync(place.parent)
            sync(self._leak_folder)
            with connection.begin():
                put_sealed(connection, row)
        with suppress(OSError):  # sealed all the same; the next seal puts the rest away
            remove_others(self._leak_folder, row.seal_id)
            remove_tree(self.folder)


def remove_others(leak_folder: Path, seal_id: str) -> None:
    """Remove sealed leaks of a leak that no row names, but for those that somebody reads.

    Raises:
        OSError: the disk refused.
    """
    for path in (leak_folder / FOLDER).iterdir():
        if path.name != seal_id and path.is_dir():
            remove_unread(path)


@dataclass(frozen=True)
class _Begun:
    """A seal that was begun."""

    seal_id: bytes
    plan: Plan


def _read(path: Path) -> _Begun | None:
    """What was begun; None where nothing was, or nothing that can be told."""
    try:
        table = json.loads(path.read_bytes())
        seal_id = bytes.fromhex(table.pop("seal_id"))
        if table.pop("format") != FORMAT or len(seal_id) != SEAL_ID_BYTES:
            return None
        return _Begun(seal_id, Plan(**{**table, "kinds": tuple(table["kinds"])}))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
