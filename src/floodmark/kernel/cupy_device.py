"""A graphics card as CuPy drives it (extra `gpu`), which compiles the kernels at their first use.

What CuPy keeps on disk is compiled code alone: the source and the options are the same for everybody, and keys and
inputs are arguments.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from floodmark.errors import FloodmarkError
from floodmark.kernel.cuda import SOURCE
from floodmark.kernel.oprf import LONGEST_TAG

BLOCK: Final = 128  # threads, of __launch_bounds__ in c/oprf_cuda.cu


class NoDevice(FloodmarkError):
    """There is no graphics card to evaluate on, or what drives it is missing."""

    slug: ClassVar[str] = "no-device"
    hint = "Take --device cpu: the processor gives the same results."


class DeviceFailed(FloodmarkError):
    """A graphics card stopped working for us, or has too little memory left."""

    slug: ClassVar[str] = "device-failed"
    hint = "Nothing that was done before is lost: the same command goes on, and with --device cpu on the processor."


def options() -> tuple[str, ...]:
    """What NVRTC compiles `SOURCE` with.

    CuPy finds what it compiled before by the source and the options, and not by what the source includes; so the
    digest of that is an option, too.
    """
    headers = sorted((SOURCE.parent / "oprf").glob("*.h"))
    digest = hashlib.sha256(b"".join(header.read_bytes() for header in headers)).hexdigest()
    return (
        f"-I{SOURCE.parent}",
        "--device-as-default-execution-space",
        "--device-int128",
        f"-DFM_OPRF_MOST_TAG={LONGEST_TAG}",
        f"-DFM_SOURCE={digest}",
    )


def find() -> CupyDevice:
    """The first graphics card that CUDA shows (`CUDA_VISIBLE_DEVICES`).

    Raises:
        NoDevice: there is none, or no CuPy or driver for it.
    """
    try:
        import cupy
    except ImportError:
        raise NoDevice(
            "CuPy, which drives graphics cards, is not installed.",
            "Install floodmark[gpu], or take --device cpu: the processor gives the same results.",
        ) from None
    try:
        return CupyDevice(cupy)
    except RuntimeError as error:
        raise NoDevice(f"No graphics card answers: {_first_line(error)}") from None


class CupyDevice:
    """Arrays of bytes in the card's memory, and kernels one after another.

    As `floodmark.kernel.cuda.Device` says, and every method may raise `DeviceFailed`.
    """

    def __init__(self, cupy: Any) -> None:
        self._cupy = cupy
        self._name = cupy.cuda.runtime.getDeviceProperties(0)["name"].decode()
        self._module: Any = None
        self._compiling = Lock()

    @property
    def name(self) -> str:
        """As the card calls itself."""
        return str(self._name)

    def allocate(self, size: int) -> Any:
        """As `Device` says."""
        with self._working():
            return self._cupy.zeros(max(size, 1), np.uint8)

    def upload(self, array: NDArray[Any]) -> Any:
        """As `Device` says."""
        own = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        with self._working():
            buffer = self._cupy.empty(own.size, np.uint8)
            # From where it lies: cupy.asarray would leave another copy in this computer's memory.
            buffer.set(own)
            return buffer

    def download(self, buffer: Any) -> NDArray[np.uint8]:
        """As `Device` says."""
        with self._working():
            found: NDArray[np.uint8] = buffer.get()
            return found

    def wipe(self, buffer: Any) -> None:
        """As `Device` says."""
        with self._working():
            buffer.data.memset_async(0, buffer.nbytes)

    def launch(self, kernel: str, threads: int, *arguments: Any) -> None:
        """As `Device` says."""
        block = min(threads, BLOCK)
        passed = tuple(np.uint64(one) if isinstance(one, int) else one for one in arguments)
        with self._working():
            self._compiled().get_function(kernel)((-(-threads // block),), (block,), passed)

    def _compiled(self) -> Any:
        """The kernels, compiled for this card once, or found where CuPy keeps them."""
        with self._compiling:
            if self._module is None:
                module = self._cupy.RawModule(code=SOURCE.read_text(), options=options(), backend="nvrtc")
                module.compile()
                self._module = module
            return self._module

    @contextmanager
    def _working(self) -> Iterator[None]:
        try:
            yield
        except MemoryError:
            raise DeviceFailed("The graphics card has too little free memory.") from None
        except (OSError, ImportError, self._cupy.cuda.compiler.CompileException) as error:
            raise DeviceFailed(f"The kernels were not compiled: {_first_line(error)}") from None
        except RuntimeError as error:
            raise DeviceFailed(f"The graphics card failed: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    """What CUDA says of itself: a name and a sentence, without anything of ours."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")[:200] + "."
