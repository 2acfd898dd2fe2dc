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
CUT = 20.0 * float(np.log(10.0))  # far more than an ordinary actor has after 60 identifiers


def e_value(log_scores: Floats | float, log_references: Floats, epsilon: float) -> Floats:
    """The conformal e-value `(1 - epsilon) (n + 1) g / (g + sum of g_i)` (Vovk, arXiv:2001.05989).

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


def weigh(log_scores: Floats | float, log_references: Floats, epsilon: float) -> Floats:
    """The e-value that evidence is made of: the mean of that of the score and that of the score cut at `CUT`.

    A mean of e-values is one. Scores differ by hundreds of powers of ten, so that by the first alone one bad actor in
    the reference would hide every other whose score is lower; among scores that are cut it counts as one of n.

    Args:
        log_scores: as for `e_value`.
        log_references: as for `e_value`.
        epsilon: as for `e_value`.

    Returns:
        As `e_value`.
    """
    cut = e_value(np.minimum(log_scores, CUT), np.minimum(log_references, CUT), epsilon)
    return np.asarray((e_value(log_scores, log_references, epsilon) + cut) / 2.0)


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
