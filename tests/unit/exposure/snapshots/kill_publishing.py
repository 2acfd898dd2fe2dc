"""Publish a snapshot again and again, each time with a fault at a later line of the code that publishes.

Run as a program of its own, since a test process with threads must not fork:

    python kill_publishing.py kill|fail|kill-withdrawal|fail-withdrawal OLD NEW ROOT FOLDER STEP

OLD and NEW are snapshot directories, ROOT the key that signed them, in hexadecimal. `kill` kills the process, `fail`
lets the line fail as a full disk does. After each fault the folder must have the old snapshot or the new one, whole;
publishing again must leave the new one, the old one's buckets, and nothing else. A withdrawal of NEW leaves it whole or
no envelope, and the next one nothing. The last line counts.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path

from floodmark.errors import FloodmarkError, NothingToRead
from floodmark.exposure.snapshots import SnapshotDirectory, publish, publishing, read_snapshot, withdraw

CODE = str(
    Path(publishing.__file__).with_name("publish")
)  # publishing.py, publish_folder.py, publish_withdraw.py


def put(source: Path, root: bytes, folder: Path) -> None:
    directory = SnapshotDirectory(source)
    publish(directory, directory.envelope(), root, folder)


def faulty(action, line, how):
    """Whether the action, in a process of its own, came to this line of the code and its fault."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) in (0, 3)
        return os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 3
    left = line

    def step(frame, event, _):
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


def standing(folder: Path, root: bytes) -> int:
    """The number of the snapshot that is published, which is whole; 0 where there is none."""
    if not (folder / "v1" / "snapshot").exists():
        return 0
    directory = SnapshotDirectory(folder)
    snapshot = read_snapshot(directory.envelope(), root)
    with directory.buckets(snapshot) as descriptor:
        assert hash_of(descriptor) == snapshot.buckets.sha256
    return snapshot.number


HASHED = {}


def hash_of(descriptor: int) -> str:
    """SHA-256 of a file; read once as long as nobody writes to it, by whatever names it is reached."""
    now = os.fstat(descriptor)
    key = now.st_ino, now.st_mtime_ns, now.st_size
    if key not in HASHED:
        HASHED[key] = hashlib.sha256(os.pread(descriptor, now.st_size, 0)).hexdigest()
    return HASHED[key]


def main(how, old, new, root, folder, step):
    seen, before = {}, folder.with_name("before")
    put(old, root, before)
    for first in (True, False):  # to an empty folder, and over the old one
        for line in count(1, step):
            shutil.rmtree(folder, ignore_errors=True)
            if not first:
                shutil.copytree(before, folder, copy_function=os.link)  # no file is written in its place
            if not faulty(lambda: put(new, root, folder), line, how):
                break
            after = standing(folder, root)
            assert after in (0 if first else 1, 2), after
            seen[after] = seen.get(after, 0) + 1
            put(new, root, folder)
            assert standing(folder, root) == 2
            assert not list(folder.rglob(".*"))
            wanted = {read_snapshot(SnapshotDirectory(new).envelope(), root).id}
            if not first:
                wanted.add(read_snapshot(SnapshotDirectory(old).envelope(), root).id)
            assert {path.name for path in (folder / "v1" / "snapshots").iterdir()} == wanted
        assert standing(folder, root) == 2
    assert set(seen) == {0, 1, 2}, seen
    print(f"{sum(seen.values())} faults")


def withdrawals(how, source, root, folder, step):
    """The same for taking down what is published, whose buckets are links, since they are removed and not changed."""
    seen = {}
    for line in count(1, step):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source, folder, copy_function=os.link)
        if not faulty(lambda: withdraw(folder, root), line, how):
            break
        after = standing(folder, root)
        seen[after] = seen.get(after, 0) + 1
        with suppress(NothingToRead):
            withdraw(folder, root)
        left = {path.name for path in folder.rglob("*")}
        assert left <= {"v1"}, (line, left)  # the empty folder, when all was gone but that
    assert not list(folder.iterdir())
    assert set(seen) == {0, 1}, seen
    print(f"{sum(seen.values())} faults")


if __name__ == "__main__":
    how, old, new, root, folder, step = sys.argv[1:]
    if how.endswith("-withdrawal"):
        withdrawals(how.removesuffix("-withdrawal"), Path(new), bytes.fromhex(root), Path(folder), int(step))
    else:
        main(how, Path(old), Path(new), bytes.fromhex(root), Path(folder), int(step))
