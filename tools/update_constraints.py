"""Pin every dependency, with hashes, into `constraints.txt`.

The resolution is universal: one file for Python 3.11 to 3.13 on every platform, with markers where a package
is needed on some of them only. The file names no index, so it says what to install and never from where.

Run it after a change of the dependencies in `pyproject.toml`, or with `--upgrade` to move to newer releases.
`--check` changes nothing and fails when the pins do not satisfy `pyproject.toml` any more; it reads both
files and needs no network.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
PLACES = re.compile(r"://|file:|--(?:extra-)?index-url|--find-links|--trusted-host")
HEADER = """\
# Every dependency of Floodmark at the version that its checks ran with, for Python 3.11 to 3.13.
# Written by tools/update_constraints.py. Install with:
#   pip install --require-hashes -r constraints.txt && pip install --no-deps --no-build-isolation -e .
"""


def declared() -> list[Requirement]:
    """Requirements of the package, of its extras and of its build; but not of `gpu`, which no check here runs with."""
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = tables["project"]
    extras = [
        line for extra, lines in project["optional-dependencies"].items() if extra != "gpu" for line in lines
    ]
    lines = project["dependencies"] + extras + tables["build-system"]["requires"]
    return [Requirement(line) for line in lines]


def pinned(text: str) -> dict[str, str]:
    """Version of each pinned package, by canonical name."""
    return {
        canonicalize_name(name): version
        for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE)
    }


def problems(text: str) -> list[str]:
    """What is wrong with the constraints, in sentences."""
    pins = pinned(text)
    found = [f"line {n} names a place" for n, line in enumerate(text.splitlines(), 1) if PLACES.search(line)]
    for requirement in declared():
        version = pins.get(canonicalize_name(requirement.name))
        if version is None:
            found.append(f"{requirement.name} is not pinned")
        elif not requirement.specifier.contains(version):
            found.append(f"{requirement.name} is pinned at {version}, outside {requirement.specifier}")
    blocks = re.findall(r"^[A-Za-z0-9._-]+==.*(?:\n .*)*", text, re.MULTILINE)
    found += [f"{block.split('==')[0]} has no hash" for block in blocks if "--hash=sha256:" not in block]
    return found


def compile_pins(upgrade: bool) -> str:
    """Resolve with uv, in an environment of its own that is thrown away afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        venv.create(home / "venv", with_pip=True)
        scripts = home / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
        subprocess.run([scripts / "pip", "install", "--quiet", "uv"], check=True)
        source = home / "all.in"
        source.write_text("".join(f"{requirement}\n" for requirement in declared()))
        target = home / "constraints.txt"
        if CONSTRAINTS.exists() and not upgrade:
            target.write_text(CONSTRAINTS.read_text())
        options = [
            "--universal",
            "--python-version",
            "3.11",
            "--fork-strategy",
            "fewest",
            "--generate-hashes",
        ]
        quiet = ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet"]
        command = [scripts / "uv", "pip", "compile", *options, *quiet, "-o", target, source]
        subprocess.run(command, check=True)
        return HEADER + target.read_text()


def main() -> int:
    """Write or check the file; the exit code says whether it is in order."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only check")
    parser.add_argument("--upgrade", action="store_true", help="take the newest releases")
    options = parser.parse_args()
    if not options.check:
        CONSTRAINTS.write_text(compile_pins(options.upgrade))
    found = problems(CONSTRAINTS.read_text())
    for sentence in found:
        print(f"constraints.txt: {sentence}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
