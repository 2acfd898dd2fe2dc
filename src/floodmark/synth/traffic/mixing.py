"""Whole numbers as good as random, made of other whole numbers: what a table would say, without the table.

>>> a, b = mixed(7, np.arange(2))
>>> bool(a != b), bool(mixed(7, np.array([1]))[0] == b)
(True, True)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def mixed(seed: int, *parts: NDArray[Any]) -> NDArray[np.uint64]:
    """SplitMix64 (Steele, Lea, Flood 2014) over a seed and columns of whole numbers.

    Args:
        seed: the first part.
        parts: integers, shapes that broadcast.

    Returns:
        uint64, of the broadcast shape.
    """
    state = np.array(np.uint64(seed & 0xFFFF_FFFF_FFFF_FFFF))
    with np.errstate(over="ignore"):
        for part in parts:
            state = _finish((state + _STEP) ^ part.astype(np.uint64) * _FIRST)
        return _finish(state + _STEP)


def fractions(values: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Mixed numbers as fractions from 0 to 1, 1 left out."""
    return (values >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _finish(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return state ^ (state >> np.uint64(31))
