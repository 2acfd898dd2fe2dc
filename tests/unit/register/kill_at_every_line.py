"""Run one change of a workspace again and again, killed (SIGKILL) at a later line of the register's code each time.

Run as a program of its own, since a test process with threads must not fork:

    python kill_at_every_line.py FOLDER STEP OPERATION...

After each kill the workspace must be read as the old or the new one, whole; the next write must leave nothing of a
change that was not made. What is wrong is printed; a line for each operation counts the kills.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import floodmark.register.schema as schema
from floodmark.register.forget import forget
from floodmark.register.leaks import ArrayFile, Leak, list_arrays, list_leaks
from floodmark.register.recovery import UNCOMMITTED
from floodmark.register.sealed_leaks import SealedRow, list_sealed
from floodmark.register.sealing_folder import Plan, SealingFolder
from floodmark.register.workspace import Workspace

CODE = str(Path(schema.__file__).parent)
OLD = Leak(slug="made-up", title="Xylophone Harvest", synthetic=True, rows=1, saved_at="2026-01-31T13:05:00Z")
NEW = replace(OLD, title="Quagmire Parade", rows=2)
PLAN = Plan(("phone",), 2, 1, "00" * 32, OLD.saved_at)
OTHER = replace(OLD, slug="other", title="Another leak", rows=3)


def save(folder: Path, leak: Leak, replaces: bool = False) -> None:
    with Workspace.open(folder, wait=0).staging(leak.slug, replace=replaces) as staging:
        (staging.folder / "digests").mkdir()
        (staging.folder / "digests" / "phone.npy").write_text(leak.title)
        (staging.folder / "profile.json").write_text(leak.title)
        staging.commit(leak, [ArrayFile("phone", leak.rows, 9, "a" * 64, "b" * 32)])


def seal(folder: Path) -> None:
    """What a seal does when everything is evaluated."""
    workspace = Workspace.open(folder, wait=0)
    with SealingFolder.opened(workspace, workspace.leaks_folder / OLD.slug) as place:
        seal_id = place.begun(PLAN, sealed(folder), secrets.token_bytes, lambda sentence: None).hex()
        (place.output() / "rows.npy").write_text(seal_id)
        row = SealedRow(OLD.slug, seal_id, 1, "00" * 32, {"phone": 1}, 16, 32, "11" * 32, OLD.saved_at)
        place.commit(row, OLD.saved_at)


def sealed(folder: Path) -> str | None:
    """The `seal_id` of the sealed leak, whose files are there; None where there is none."""
    workspace = Workspace.open(folder, wait=0)
    with workspace.connect() as connection:
        rows = list_sealed(connection)
    for row in rows:
        files = workspace.leaks_folder / row.slug / "sealed" / row.seal_id
        assert [(path.name, path.read_text()) for path in files.iterdir()] == [("rows.npy", row.seal_id)]
    return rows[0].seal_id if rows else None


def kill_seals(scratch: Path, step: int) -> None:
    """Kill a seal over a former one: there is the former or the new one, and the next seal has another name."""
    template, folder = scratch / "before", scratch / "floodmark"
    scratch.mkdir()
    save(template, OLD)
    seal(template)
    former, seen = sealed(template), [0, 0]
    for line in count(1, step):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(template, folder)
        if not killed(lambda: seal(folder), line):
            break
        present = sealed(folder)
        seen[present != former] += 1
        seal(folder)
        assert sealed(folder) not in (former, present)
        place = folder / "leaks" / OLD.slug
        assert [path.name for path in (place / "sealed").iterdir()] == [sealed(folder)]
        assert not (place / "sealing").exists()
    print(f"{sum(seen)} kills, of which {seen[0]} left the old and {seen[1]} the new")


OPERATIONS: dict[str, tuple[list[Leak], Callable[[Path], Any], list[Leak]]] = {
    "first": ([], lambda folder: save(folder, OLD), [OLD]),
    "second": ([OTHER], lambda folder: save(folder, OLD), [OLD, OTHER]),
    "replace": ([OLD, OTHER], lambda folder: save(folder, NEW, True), [NEW, OTHER]),
    "forget": ([OLD, OTHER], lambda folder: forget(Workspace.open(folder, wait=0), OLD.slug), [OTHER]),
}


def killed(action: Callable[[], object], line: int) -> bool:
    """Whether the action, in a process of its own, was killed at this line of the register's code."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
        return os.WIFSIGNALED(status)
    left = line

    def step(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if not frame.f_code.co_filename.startswith(CODE):
            return None
        if event == "line":
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
        return step

    sys.settrace(step)
    action()
    os._exit(0)


def held(folder: Path) -> list[tuple[str, str]]:
    """Slug and title of each leak, after a look at everything that must lie in its folder."""
    workspace = Workspace.open(folder, wait=0)
    with workspace.connect() as connection:
        leaks = list_leaks(connection)
        assert all(len(list_arrays(connection, leak.slug)) == 1 for leak in leaks)
    for leak in leaks:
        place = workspace.leaks_folder / leak.folder
        contents = {
            path.relative_to(place).as_posix(): path.read_text()
            for path in place.rglob("*")
            if path.is_file() and path.name != UNCOMMITTED
        }
        assert contents == {"digests/phone.npy": leak.title, "profile.json": leak.title}, contents
    return [(leak.slug, leak.title) for leak in leaks]


def put_away(folder: Path, gone: set[bytes]) -> None:
    """What the next write leaves: the leaks' folders and no byte of what is gone."""
    workspace = Workspace.open(folder, wait=0)
    with workspace.writing("check"):
        pass
    with workspace.connect() as connection:
        named = {leak.folder for leak in list_leaks(connection)}
    assert {path.name for path in workspace.leaks_folder.iterdir()} == named
    assert not list(folder.rglob(UNCOMMITTED))
    assert {path.name for path in folder.iterdir()} == {"leaks", "register.sqlite", "workspace.lock"}
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert not [word for word in gone if word in kept]


def main(operation: str, scratch: Path, step: int) -> None:
    before, change, after = OPERATIONS[operation]
    template, folder = scratch / "before", scratch / "floodmark"
    scratch.mkdir()
    for leak in before:
        save(template, leak)
    states = [[(leak.slug, leak.title) for leak in leaks] for leaks in (before, after)]
    seen = [0, 0]
    for line in count(1, step):
        shutil.rmtree(folder, ignore_errors=True)
        if before:
            shutil.copytree(template, folder)
        if not killed(lambda: change(folder), line):
            break
        state = held(folder)
        assert state in states, state
        seen[states.index(state)] += 1
        put_away(
            folder,
            {OLD.title.encode(), OLD.slug.encode()} if not any(OLD.slug in x for x in state) else set(),
        )
        assert held(folder) == state
    assert held(folder) == states[1]
    print(f"{sum(seen)} kills, of which {seen[0]} left the old and {seen[1]} the new")


if __name__ == "__main__":
    folder, step, *operations = sys.argv[1:]
    for operation in operations:
        if operation == "seal":
            kill_seals(Path(folder) / operation, int(step))
        else:
            main(operation, Path(folder) / operation, int(step))
