"""Make a snapshot again and again, each time with a fault at a later line of the code that makes it.

Run as a program of its own, since a test process with threads must not fork:

    python kill_snapshots.py kill|fail FOLDER STEP

`kill` kills the process (SIGKILL), `fail` lets the line fail as a full disk does. After each fault the newest snapshot
must be the old or the new one, whole; the next one must leave nothing of what was not made, which is tried once for
every state that a fault leaves. The last line counts.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
from sqlalchemy import select, update

import floodmark.register.snapshots as snapshots
from floodmark.errors import FloodmarkError
from floodmark.exposure.sealed.manifest import CONTEXT, Manifest
from floodmark.exposure.snapshots import SnapshotDirectory, open_snapshot
from floodmark.register import tables
from floodmark.register.key_changes import make
from floodmark.register.key_wrap import Bare
from floodmark.register.keys import Keyring
from floodmark.register.leaks import Leak
from floodmark.register.sealed_leaks import SealedRow, put_sealed
from floodmark.register.snapshot_folders import KEPT, snapshots_of
from floodmark.register.workspace import Workspace
from floodmark.signatures import signature_file

CODE = str(Path(snapshots.__file__).with_name("snapshot"))  # snapshots.py, snapshot_folders.py, ...
NOW = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
TIME = "2026-01-31T13:05:00Z"
LEAK = Leak(slug="made-up", title="Made up", synthetic=True, rows=1, saved_at=TIME)


class Rig:
    """A workspace with keys, one sealed leak and two snapshots, and copies of it to break."""

    def __init__(self, scratch: Path) -> None:
        self.folder, self.keys, self.template = scratch / "home", scratch / "keys", scratch / "template"
        make(self.keys, Bare, created=TIME, workspace=self.folder)
        with self.workspace().staging(LEAK.slug) as staging:
            sealed = staging.folder / "sealed" / ("ab" * 16)
            sealed.mkdir(parents=True)
            manifest = self._seal(sealed)
            staging.commit(LEAK, [])
        row = SealedRow(
            manifest.slug, manifest.seal_id, 1, manifest.public_key.hex(), {"phone": 1}, 16,
            manifest.rows_bytes, hashlib.sha256(manifest.to_bytes()).hexdigest(), TIME,
        )  # fmt: skip
        with self.workspace().writing("seal") as connection:
            put_sealed(connection, row)
            connection.execute(update(tables.workspace).values(signing_key=self.root.hex()))
        for _ in range(KEPT):
            self.make()
        self.known = set(re.findall("[0-9a-f]{32,}", str([path.name for path in self.folder.rglob("*")])))
        self.folder.rename(self.template)

    def _seal(self, folder: Path) -> Manifest:
        np.save(folder / "rows.npy", np.zeros((65536, 128), np.uint8))
        data = (folder / "rows.npy").read_bytes()
        with Keyring.open(self.keys, workspace=self.folder) as keyring:
            live, signing = snapshots.live_key(keyring), keyring.signing_key()
        self.root = signing.public
        manifest = Manifest(
            "ab" * 16, LEAK.slug, True, TIME, live.epoch, bytes.fromhex(live.public), {"phone": 1}, (("phone",),),
            2, 16, len(data), hashlib.sha256(data).hexdigest(),
        )  # fmt: skip
        signature = signature_file(signing.public, signing.sign(CONTEXT + manifest.to_bytes()))
        (folder / "manifest.json").write_bytes(manifest.to_bytes())
        (folder / "manifest.json.sig").write_bytes(signature)
        return manifest

    def workspace(self) -> Workspace:
        return Workspace.open(self.folder, wait=0)

    def make(self) -> None:
        with Keyring.open(self.keys, workspace=self.folder) as keyring:
            snapshots.make_snapshot(self.workspace(), keyring, clock=lambda: NOW)

    def renew(self) -> None:
        """The workspace as it was; files that nothing writes to are linked."""
        shutil.rmtree(self.folder, ignore_errors=True)
        whole = ("rows.npy", "buckets.bin")
        linked = lambda old, new: (os.link if Path(old).name in whole else shutil.copy2)(old, new)  # noqa: E731
        shutil.copytree(self.template, self.folder, copy_function=linked)

    def numbers(self) -> list[int]:
        """Numbers of the snapshots, each of which is whole."""
        found = snapshots_of(self.workspace())
        for row, folder in found:
            directory = SnapshotDirectory(folder)
            snapshot = open_snapshot(directory.envelope(), self.root, NOW)
            assert snapshot.sha256 == row.sha256
            assert len(directory.bucket(snapshot, 65535)) == snapshot.answer_bytes
        return [row.number for row, _ in found]

    def left(self) -> str:
        """What lies in the folder and what the register says, without what is drawn for every snapshot."""
        names = sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*"))
        with self.workspace().connect() as connection:
            rows = [connection.execute(select(table)).all() for table in tables.metadata.sorted_tables]
        return re.sub(
            "[0-9a-f]{32,}", lambda found: found[0] if found[0] in self.known else "new", f"{names} {rows}"
        )

    def clean(self) -> None:
        """What the next snapshot leaves: the newest two, and nothing else."""
        self.make()
        names = {row.id for row, _ in snapshots_of(self.workspace())}
        assert {path.name for path in (self.folder / "snapshots").iterdir()} == names
        assert not list((self.folder / "snapshots").rglob(".*"))


def faulty(action: Callable[[], object], line: int, how: str) -> bool:
    """Whether the action, in a process of its own, came to this line of the code and its fault."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) in (0, 3)
        return os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 3
    left = line

    def step(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if not frame.f_code.co_filename.startswith(CODE):
            return None
        if event == "line":
            left -= 1
            if not left:
                if how == "kill":
                    os.kill(os.getpid(), signal.SIGKILL)
                raise OSError(errno.ENOSPC, "full")
        return step

    status = 1
    try:
        sys.settrace(step)
        with suppress(FloodmarkError, OSError):
            action()
        sys.settrace(None)
        status = 3 if left <= 0 else 0
    finally:
        os._exit(status)


def main(how: str, scratch: Path, step: int) -> None:
    scratch.mkdir()
    rig = Rig(scratch)
    seen, cleaned = [0, 0], set[str]()
    for line in count(1, step):
        rig.renew()
        if not faulty(rig.make, line, how):
            break
        numbers = rig.numbers()
        assert numbers in ([2, 1], [3, 2]), numbers
        seen[numbers[0] - 2] += 1
        if (left := rig.left()) not in cleaned:
            cleaned.add(left)
            rig.clean()
            assert rig.numbers()[0] == numbers[0] + 1
    assert rig.numbers() == [3, 2]
    print(f"{sum(seen)} faults, of which {seen[0]} left the old and {seen[1]} the new")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
