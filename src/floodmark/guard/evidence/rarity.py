"""Rarity: how often an identifier is asked about anyway."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Rarity:
    """How many clusters of ordinary actors asked about an identifier, as a count-min sketch.

    Attributes:
        counts: uint8, shape (rows, width); width is a power of two.
        total: pairs of cluster and identifier that were counted.
    """

    counts: NDArray[np.uint8]
    total: int
