"""Evaluation in bulk on a graphics card (extra `gpu`): the same results, checked by libsodium in the same way.

A card's own arithmetic is trusted no further than a processor's: its kernels carry the same checks, and of every
`batch.PIECE` inputs as many are evaluated once more.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.exposure.oprf.batch import PIECE
from floodmark.exposure.oprf.checked import EvaluationFault, verify
from floodmark.exposure.oprf.context import Mode, context
from floodmark.exposure.oprf.group import Scalar
from floodmark.exposure.oprf.protocol import LONGEST_INPUT, BadInput, evaluate
from floodmark.exposure.sealed.rows import Places, derive
from floodmark.kernel import cuda, cupy_device
from floodmark.kernel.oprf import KernelFault, NeutralInput, Seal


@dataclass(frozen=True)
class GraphicsCard:
    """An engine (`floodmark.exposure.oprf.engine.Engine`) on a CUDA device."""

    on: cuda.Device
    random: Callable[[int], bytes] = os.urandom
    device: str = "cuda"
    piece: int = cuda.PIECE

    @property
    def name(self) -> str:
        """The card's own name."""
        return self.on.name

    def outputs(self, private: Scalar, texts: pl.Series, mode: Mode = Mode.VOPRF) -> NDArray[np.uint8]:
        """As `Engine` says.

        Raises:
            BadInput: one of them cannot be evaluated.
            EvaluationFault: the work failed a check.
            DeviceFailed: the card has too little memory, or stopped working.
        """
        if texts.dtype != pl.String or texts.null_count():
            raise TypeError("inputs are texts, and none is null")
        if (texts.str.len_bytes() > LONGEST_INPUT).any():
            raise BadInput("An input is longer than 65,535 bytes.")
        tag = b"HashToGroup-" + context(mode)
        try:
            outputs, sums = cuda.evaluate(private, tag, texts, random=self.random, device=self.on)
        except KernelFault:
            raise EvaluationFault("The card's own checks of an evaluation failed.") from None
        except NeutralInput as neutral:
            evaluate(private, texts[neutral.position].encode(), mode)  # says so, too
            raise EvaluationFault("An input cannot be evaluated that libsodium evaluates.") from None
        try:
            for start in range(0, texts.len(), PIECE):
                own = slice(start, start + PIECE)
                verify(private, texts[own], outputs[own], sums, mode=mode, random=self.random)
        except BaseException:
            outputs.fill(0)
            raise
        return outputs

    def places(self, private: Scalar, texts: pl.Series, seal: Seal) -> Places:
        """As `Engine` says; places come of the outputs on the processor, which are then overwritten."""
        outputs = self.outputs(private, texts)
        try:
            return derive(outputs, seal.seal_id, seal.cell_bytes)
        finally:
            outputs.fill(0)


def graphics_card(*, random: Callable[[int], bytes] = os.urandom) -> GraphicsCard:
    """The first graphics card, ready to evaluate.

    Args:
        random: gives random bytes, for weights and samples that results are checked with.

    Raises:
        NoDevice: there is none, or what drives it is not installed.
    """
    return GraphicsCard(cupy_device.find(), random)
