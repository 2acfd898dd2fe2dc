"""Compile the kernel (`src/floodmark/kernel/c`) when the package is installed in place or built as a wheel.

An installation never fails for want of a compiler: the package then works with the standard library and NumPy, slower,
and `floodmark.kernel.compiled` says so. `python hatch_build.py` compiles in place and says what came of it.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
KERNEL = ROOT / "src" / "floodmark" / "kernel"
LIBRARY = KERNEL / "floodmark_kernel.so"
FLAGS = ["-std=c11", "-O3", "-fPIC", "-shared", "-fvisibility=hidden"]


def sources() -> list[Path]:
    """The C files, in the order in which they are hashed and compiled."""
    return sorted((KERNEL / "c").glob("*.c"))


def source_digest() -> str:
    """SHA-256 of all sources and headers, which the library can be asked for."""
    files = sorted((KERNEL / "c").glob("*.[ch]"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def compiler() -> list[str] | None:
    """The C compiler: `CC` where it is set, else the first that is installed."""
    if os.environ.get("CC"):
        return shlex.split(os.environ["CC"])
    found = (shutil.which(name) for name in ("cc", "gcc", "clang"))
    return next(([path] for path in found if path), None)


def compile_kernel(library: Path = LIBRARY) -> str | None:
    """Compile to `library`, which is replaced at once or left away; what went wrong, or None.

    A library that could not be built again is removed: the old one may be of other sources.
    """
    problem = _compile(library)
    if problem:
        library.unlink(missing_ok=True)
    return problem


def _compile(library: Path) -> str | None:
    command = compiler()
    if command is None:
        return "no C compiler was found"
    target = library.with_name(f".{library.name}.{os.getpid()}.tmp")
    define = f'-DFM_SOURCE="{source_digest()}"'
    try:
        done = subprocess.run(
            [*command, *FLAGS, define, "-o", target, *sources()], capture_output=True, text=True, check=False
        )
        if done.returncode or not target.exists():
            return f"the C compiler failed: {done.stderr.strip()[-2000:]}"
        target.replace(library)
    except OSError as error:
        return f"the C compiler did not start or its result could not be kept: {error.strerror}"
    finally:
        target.unlink(missing_ok=True)
    return None


class KernelHook(BuildHookInterface):
    """Hatchling calls `initialize` before it gathers the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, then mark the wheel as one for this platform; without a compiler it stays one for any."""
        if self.target_name != "wheel":
            return
        problem = compile_kernel()
        if problem:
            self.app.display_warning(f"The kernel was not compiled, so Floodmark will be slower: {problem}")
            return
        build_data["artifacts"].append(f"/{LIBRARY.relative_to(ROOT).as_posix()}")
        build_data["pure_python"] = False
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{platform}"


if __name__ == "__main__":
    sys.exit(compile_kernel())
