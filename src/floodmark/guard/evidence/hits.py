"""Hits among an actor's identifiers: ordinary, or far fewer or far more than ordinary actors have.

>>> ordinary = fit(np.array([12, 10, 14, 8]), np.array([20, 20, 20, 20]))
>>> few, usual, all_of_them = ordinary.log_factor(np.array([0, 11, 20]), np.array([20, 20, 20]))
>>> bool(few > 1.0), bool(usual < 0.0), bool(all_of_them > 1.0)
(True, True, True)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

SHIFTS = (-3.0, -1.5, 1.5, 3.0)  # of the alternatives' means, in logits: two lower, two higher
CONCENTRATION = 20.0  # of the alternatives
_MEANS = np.linspace(0.01, 0.99, 99)
_CONCENTRATIONS = np.geomspace(0.5, 500.0, 40)


@dataclass(frozen=True)
class Hits:
    """Beta-binomial models of hits.

    Attributes:
        ordinary: parameters a and b fitted to ordinary actors.
        others: parameters a and b of each alternative; none where nobody said what was a hit.
    """

    ordinary: tuple[float, float] = (1.0, 1.0)
    others: tuple[tuple[float, float], ...] = ()

    def log_factor(self, hits: Counts, known: Counts) -> Floats:
        """Logarithm of the mean, over the alternatives and 1, of their likelihood ratio against what is ordinary.

        Args:
            hits: among the identifiers of whom it is known, shape (n,).
            known: how many those are, shape (n,).
        """
        base = log_likelihood(hits, known, *self.ordinary)
        terms = [np.zeros(len(hits)), *(log_likelihood(hits, known, *other) - base for other in self.others)]
        return np.asarray(np.logaddexp.reduce(terms, axis=0) - np.log(len(terms)))


def log_likelihood(hits: Counts, known: Counts, a: float, b: float) -> Floats:
    """Log probability of one order of so many hits and misses, beta-binomial.

    Args:
        hits: shape (n,).
        known: hits and misses, shape (n,).
        a: of the beta distribution.
        b: of the beta distribution.
    """
    steps = 1 << int(known.max(initial=0)).bit_length()
    return np.asarray(
        _rising(a, steps)[hits] + _rising(b, steps)[known - hits] - _rising(a + b, steps)[known]
    )


@lru_cache(maxsize=256)
def _rising(start: float, steps: int) -> Floats:
    """Logarithms of `start (start + 1) … (start + k - 1)` for k from 0 to `steps`."""
    return np.concatenate(([0.0], np.cumsum(np.log(start + np.arange(steps)))))


def fit(hits: Counts, known: Counts) -> Hits:
    """Fit what is ordinary by maximum likelihood on a grid; the alternatives lie around its mean.

    Args:
        hits: of each actor, shape (n,).
        known: hits and misses of each actor, shape (n,).
    """
    some = known > 0
    if not some.any():
        return Hits()
    pairs, times = np.unique(np.stack((hits[some], known[some])), axis=1, return_counts=True)

    def likelihood(mean: float, concentration: float) -> float:
        one = log_likelihood(pairs[0], pairs[1], mean * concentration, (1.0 - mean) * concentration)
        return float((one * times).sum())

    mean = float(np.clip((hits[some] / known[some]).mean(), _MEANS[0], _MEANS[-1]))
    for _ in range(3):
        concentration = float(max(_CONCENTRATIONS, key=lambda value: likelihood(mean, value)))
        mean = float(max(_MEANS, key=lambda value: likelihood(value, concentration)))
    logit = np.log(mean / (1.0 - mean))
    means = [float(1.0 / (1.0 + np.exp(-(logit + shift)))) for shift in SHIFTS]
    others = tuple((one * CONCENTRATION, (1.0 - one) * CONCENTRATION) for one in means)
    return Hits((mean * concentration, (1.0 - mean) * concentration), others)
