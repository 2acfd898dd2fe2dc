"""What is built is what is in the source: typed, with its data, its templates and its licence."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from fnmatch import fnmatch
from pathlib import Path

SUFFIXES = (".csv", ".json", ".npz", ".tsv")
ROOT = Path(__file__).resolve().parents[2]


def test_the_wheel_holds_every_file_of_the_package_and_the_licence(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "src/floodmark"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    assert {name.removeprefix("src/") for name in tracked} <= packed
    assert "floodmark/py.typed" in packed
    assert any(name.endswith("licenses/LICENSE") for name in packed)


def test_every_table_that_ships_has_its_source_in_the_notice():
    patterns = re.findall(r"\b\w+(?:/\w+)*/data/[\w.*-]+", (ROOT / "NOTICE").read_text())
    tables = [path for path in ROOT.glob("src/floodmark/**/data/*") if path.suffix in SUFFIXES]
    assert tables
    for table in tables:
        name = str(table.relative_to(ROOT / "src/floodmark"))
        assert any(fnmatch(name, pattern.rstrip(",.")) for pattern in patterns), (
            f"NOTICE does not name {name}"
        )
