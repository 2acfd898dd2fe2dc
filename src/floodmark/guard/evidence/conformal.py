"""From scores to e-values: one actor against the reference actors of its stratum.

>>> round(float(e_value(0.0, np.zeros(99), epsilon=0.0)), 9)
1.0
>>> round(float(e_value(1000.0, np.zeros(99), epsilon=0.05)), 9)
95.0
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def e_value(log_scores: Floats | float, log_references: Floats, epsilon: float) -> Floats:
    """The conformal e-value `(1 - epsilon) (n + 1) g / (g + sum of g_i)` (METHODS, B2).

    Of `n + 1` exchangeable scores the mean of `(n + 1) g / (sum of all)` over all of them is exactly 1. Reference
    actors that are bad only add to the sum; where at most a share `epsilon` of them is, at least `(1 - epsilon) n` are
    good, and `1 - epsilon` makes up for counting all.

    Args:
        log_scores: natural logarithms of scores, shape (m,) or one.
        log_references: natural logarithms of the scores of the reference actors, shape (n,); n may be 0.
        epsilon: largest share of the reference that may be bad, from 0 to 1.

    Returns:
        Shape of `log_scores`; at most `(1 - epsilon) (n + 1)`.
    """
    count = len(log_references)
    total = np.logaddexp.reduce(log_references) if count else -np.inf
    scores = np.asarray(log_scores, np.float64)
    return np.asarray((1.0 - epsilon) * (count + 1) * np.exp(scores - np.logaddexp(scores, total)))


def reachable(counts: Sequence[int], weights: Sequence[float], epsilon: float) -> float:
    """The smallest alpha at which an actor could be flagged, given the sizes of the references.

    Args:
        counts: reference actors at each checkpoint.
        weights: of those checkpoints.
        epsilon: as for `e_value`.
    """
    most = sum((1.0 - epsilon) * (count + 1) * weight for count, weight in zip(counts, weights, strict=True))
    return min(1.0, 1.0 / most) if most else 1.0


def e_bh(e_values: Floats, alpha: float) -> NDArray[np.bool_]:
    """Which of many hypotheses to reject so that the false discovery rate is at most `alpha`, however they depend.

    Wang and Ramdas, False discovery rate control with e-values, JRSS B 84 (2022): of K sorted e-values reject the k
    largest, for the largest k with `e_(k) >= K / (alpha k)`.

    Args:
        e_values: shape (K,).
        alpha: the rate.

    Returns:
        Shape (K,).
    """
    total = len(e_values)
    ranked = np.sort(e_values)[::-1]
    enough = np.flatnonzero(ranked * np.arange(1, total + 1) * alpha >= total)
    if not len(enough):
        return np.zeros(total, bool)
    return np.asarray(e_values >= ranked[enough[-1]])
