"""Compile the kernel (`src/floodmark/kernel/c`) when the package is installed in place or built as a wheel.

An installation never fails for want of a compiler: the package then works with the standard library and NumPy, slower,
and `floodmark.kernel.compiled` says so. Nor does it fail for want of an instruction: each file is compiled by itself,
those for one instruction set with flags of their own, and what such a file offers is chosen at run time, where the
processor has them. `python hatch_build.py` compiles in place and says what came of it.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
KERNEL = ROOT / "src" / "floodmark" / "kernel"
LIBRARY = KERNEL / "floodmark_kernel.so"
FLAGS = ["-std=c11", "-O3", "-fPIC", "-fvisibility=hidden"]
OWN_FLAGS = {
    "oprf_ifma.c": ["-O2", "-mavx512f", "-mavx512ifma", "-mavx512vl", "-mavx512bw", "-mavx512dq"],
    "oprf_avx2.c": ["-O2", "-mavx2", "-mtune=haswell"],
}
"""More flags of single files, after those of all. Where a compiler refuses them, the file is compiled without, and then
offers nothing. No other file has them: a compiler that may use an instruction uses it where nobody asked."""


def sources() -> list[Path]:
    """The C files, in the order in which they are hashed and compiled."""
    return sorted((KERNEL / "c").glob("*.c"))


def source_digest() -> str:
    """SHA-256 of all sources and headers, which the library can be asked for."""
    files = sorted((KERNEL / "c").rglob("*.[ch]"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def compiler() -> list[str] | None:
    """The C compiler: `CC` where it is set, else the first that is installed."""
    if os.environ.get("CC"):
        return shlex.split(os.environ["CC"])
    found = (shutil.which(name) for name in ("cc", "gcc", "clang"))
    return next(([path] for path in found if path), None)


def compile_kernel(
    library: Path = LIBRARY, said: Callable[[str], None] = lambda sentence: None
) -> str | None:
    """Compile to `library`, which is replaced at once or left away; what went wrong, or None.

    A library that could not be built again is removed: the old one may be of other sources.

    Args:
        library: the file to make.
        said: told which files were compiled without the flags of their own.
    """
    problem = _compile(library, said)
    if problem:
        library.unlink(missing_ok=True)
    return problem


def _compile(library: Path, said: Callable[[str], None]) -> str | None:
    command = compiler()
    if command is None:
        return "no C compiler was found"
    target = library.with_name(f".{library.name}.{os.getpid()}.tmp")
    flags = [*FLAGS, f'-DFM_SOURCE="{source_digest()}"']
    try:
        with tempfile.TemporaryDirectory() as folder:
            compile_one = partial(_compile_one, [*command, *flags], Path(folder), said)
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                objects = list(pool.map(compile_one, sources()))
            _run([*command, "-shared", "-o", str(target), *map(str, objects)])
        target.replace(library)
    except subprocess.CalledProcessError as error:
        return f"the C compiler failed: {error.stderr.strip()[-2000:]}"
    except OSError as error:
        return f"the C compiler did not start or its result could not be kept: {error.strerror}"
    finally:
        target.unlink(missing_ok=True)
    return None


def _compile_one(command: list[str], folder: Path, said: Callable[[str], None], source: Path) -> Path:
    """Compile one file, with the flags of its own when the compiler takes them."""
    target = folder / f"{source.stem}.o"
    common = [*command, "-c", "-o", str(target), str(source)]
    if source.name in OWN_FLAGS:
        try:
            _run([*common, *OWN_FLAGS[source.name]])
            return target
        except subprocess.CalledProcessError:
            said(f"{source.name} needs instructions that the C compiler does not know, and was left empty.")
    _run(common)
    return target


def _run(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, text=True, check=True)


class KernelHook(BuildHookInterface):
    """Hatchling calls `initialize` before it gathers the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, then mark the wheel as one for this platform; without a compiler it stays one for any."""
        if self.target_name != "wheel":
            return
        problem = compile_kernel(said=self.app.display_warning)
        if problem:
            self.app.display_warning(f"The kernel was not compiled, so Floodmark will be slower: {problem}")
            return
        build_data["artifacts"].append(f"/{LIBRARY.relative_to(ROOT).as_posix()}")
        build_data["pure_python"] = False
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{platform}"


if __name__ == "__main__":
    sys.exit(compile_kernel(said=partial(print, file=sys.stderr)))
