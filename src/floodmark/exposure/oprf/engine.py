"""What evaluates identifiers in bulk: one engine a device, all with the same results, bit for bit.

>>> from floodmark.exposure.oprf.protocol import derive_key_pair
>>> pair = derive_key_pair(bytes(32), b"example")
>>> texts = pl.Series(["phone:+447700900123"])
>>> same = [engine(device).outputs(pair.private, texts).tobytes() for device in ("cpu", "libsodium")]
>>> same[0] == same[1]
True
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.exposure.oprf.batch import PIECE, PIECE_BY_LIBSODIUM, evaluate_piece, place_piece
from floodmark.exposure.oprf.context import Mode
from floodmark.exposure.oprf.cuda import graphics_card
from floodmark.exposure.oprf.group import Scalar
from floodmark.exposure.sealed.rows import Places
from floodmark.kernel import library, oprf
from floodmark.kernel.library import Kernel
from floodmark.kernel.oprf import Seal

DEVICES: Final = ("cpu", "libsodium", "cuda")
LIBSODIUM: Final = "libsodium"
PATHS: Final = {8: "AVX-512 IFMA, 8 lanes", 4: "AVX2, 4 lanes"}


class Engine(Protocol):
    """Evaluates one piece of work a call, in the calling thread, without the interpreter's lock where it can.

    Safe to call from several threads at once.
    """

    @property
    def device(self) -> str:
        """One of `DEVICES`."""

    @property
    def name(self) -> str:
        """What evaluates, for people."""

    @property
    def piece(self) -> int:
        """Inputs that are worth one call."""

    def outputs(self, private: Scalar, texts: pl.Series, mode: Mode = Mode.VOPRF) -> NDArray[np.uint8]:
        """Outputs of the evaluation, as `exposure.oprf.evaluate` gives them.

        Args:
            private: the private key.
            texts: inputs, String, without nulls, shape (n,).
            mode: of the protocol.

        Returns:
            uint8, shape (n, 64).

        Raises:
            BadInput: one of them cannot be evaluated.
            EvaluationFault: the work failed a check.
        """

    def places(self, private: Scalar, texts: pl.Series, seal: Seal) -> Places:
        """Where inputs stand in one sealed leak, in the mode of the protocol.

        Args:
            private: the private key.
            texts: inputs, as in `outputs`.
            seal: of the sealed leak.

        Raises:
            BadInput: one of them cannot be evaluated.
            EvaluationFault: the work failed a check.
        """


@dataclass(frozen=True)
class Processor:
    """The processor's own lanes, by the compiled kernel."""

    kernel: Kernel
    random: Callable[[int], bytes]
    device: str = "cpu"
    piece: int = PIECE

    @property
    def name(self) -> str:
        """The instruction set, and how many inputs it evaluates side by side."""
        return PATHS[oprf.lanes(self.kernel)]

    def outputs(self, private: Scalar, texts: pl.Series, mode: Mode = Mode.VOPRF) -> NDArray[np.uint8]:
        """As `Engine` says."""
        return evaluate_piece(private, texts, mode=mode, kernel=self.kernel, random=self.random)

    def places(self, private: Scalar, texts: pl.Series, seal: Seal) -> Places:
        """As `Engine` says."""
        return place_piece(private, texts, seal, kernel=self.kernel, random=self.random)


@dataclass(frozen=True)
class Libsodium:
    """libsodium, input by input."""

    device: str = "libsodium"
    name: str = LIBSODIUM
    piece: int = PIECE_BY_LIBSODIUM

    def outputs(self, private: Scalar, texts: pl.Series, mode: Mode = Mode.VOPRF) -> NDArray[np.uint8]:
        """As `Engine` says."""
        return evaluate_piece(private, texts, mode=mode, kernel=None)

    def places(self, private: Scalar, texts: pl.Series, seal: Seal) -> Places:
        """As `Engine` says."""
        return place_piece(private, texts, seal, kernel=None)


def engine(
    device: str = "cpu",
    *,
    kernel: Kernel | None = library.kernel,
    random: Callable[[int], bytes] = os.urandom,
) -> Engine:
    """The engine of a device.

    Args:
        device: `cpu` for the fastest path of this processor, which is libsodium where the kernel has none for it or
            was not compiled; `libsodium`; or `cuda` for a graphics card.
        kernel: the compiled kernel; None for none.
        random: gives random bytes, for the weights of the sums that results are checked with.

    Raises:
        ValueError: no device is called so.
        NoDevice: there is no such graphics card, or what drives it is not installed.
    """
    if device not in DEVICES:
        raise ValueError("a device is cpu, libsodium or cuda")
    if device == "cuda":
        return graphics_card(random=random)
    if device == "libsodium" or kernel is None or not oprf.lanes(kernel):
        return Libsodium() if device == "libsodium" else Libsodium(device)
    return Processor(kernel, random)
