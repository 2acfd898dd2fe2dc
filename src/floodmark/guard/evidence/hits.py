"""Hits among an actor's identifiers: ordinary, or far fewer or far more than ordinary actors have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Hits:
    """Beta-binomial models of hits.

    Attributes:
        ordinary: parameters a and b fitted to ordinary actors.
        others: parameters a and b of each alternative.
    """

    ordinary: tuple[float, float]
    others: tuple[tuple[float, float], ...]
