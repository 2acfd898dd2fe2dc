"""A workspace of its own for each test, and leaks made up to save in it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from floodmark.register.leaks import ArrayFile, Leak
from floodmark.register.workspace import Workspace

LEAK = Leak(
    slug="made-up",
    title="Xylophone Harvest",  # words that occur nowhere else in a workspace
    synthetic=True,
    rows=300,
    saved_at="2026-01-31T13:05:00Z",
    description="Quagmire of the third kind.",
    field_types=("phone", "first_name", "birth_date"),
    digest_key_id="0011223344556677",
    profile_version=2,
)
ARRAYS = [
    ArrayFile("phone", 290, 2_448, "a" * 64, "1" * 32),
    ArrayFile("phone.fields", 290, 708, "b" * 64, "2" * 32),
    ArrayFile("domain", 7, 184, "c" * 64, "3" * 32),
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "floodmark", wait=0)


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace as its first write leaves it, to copy: the migrations take longer than most tests."""
    folder = tmp_path_factory.mktemp("blank") / "floodmark"
    with Workspace.open(folder, wait=0).writing("test"):
        pass
    return folder


@pytest.fixture
def begun(workspace: Workspace, blank: Path) -> Workspace:
    """The workspace, after its first write."""
    shutil.copytree(blank, workspace.folder)
    return workspace


@pytest.fixture
def save(workspace: Workspace, blank: Path) -> Callable[..., Leak]:
    def save_one(
        slug: str = LEAK.slug, *, replaces: bool = False, content: str = "{}", **said: object
    ) -> Leak:
        if not workspace.folder.exists():
            shutil.copytree(blank, workspace.folder)
        with workspace.staging(slug, replace=replaces) as staging:
            (staging.folder / "profile.json").write_text(content)
            (staging.folder / "digests").mkdir()
            (staging.folder / "digests" / "phone.npy").write_bytes(bytes(2_448))
            return staging.commit(replace(LEAK, slug=slug, **said), ARRAYS)  # type: ignore[arg-type]

    return save_one


@pytest.fixture
def made_up() -> tuple[Leak, list[ArrayFile]]:
    """The leak that `save` saves, and its arrays."""
    return LEAK, ARRAYS


class Saving:
    """A process of its own that prepares a leak, and does what it is told next."""

    PROGRAM = """
import sys
from dataclasses import replace
from pathlib import Path
from floodmark.register.leaks import Leak
from floodmark.register.workspace import Workspace
workspace = Workspace.open(Path(sys.argv[1]), wait=0)
with workspace.staging(sys.argv[2], replace=True) as staging:
    (staging.folder / "profile.json").write_text("of another process")
    print(staging.folder.name, flush=True)
    if sys.stdin.readline() == "commit\\n":
        staging.commit(Leak(slug=sys.argv[2], title="Another", synthetic=True, rows=1, saved_at=""), [])
print("done", flush=True)
"""

    def __init__(self, folder: Path, slug: str) -> None:
        command = [sys.executable, "-c", self.PROGRAM, str(folder), slug]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.folder = folder / "leaks" / self.process.stdout.readline().strip()

    def tell(self, word: str) -> None:
        """`commit`, or anything else to give up."""
        assert self.process.communicate(f"{word}\n")[0] == "done\n"

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def another_saving(workspace: Workspace) -> Iterator[Callable[[str], Saving]]:
    begun: list[Saving] = []

    def begin(slug: str) -> Saving:
        begun.append(Saving(workspace.folder, slug))
        return begun[-1]

    yield begin
    for saving in begun:
        saving.kill()
