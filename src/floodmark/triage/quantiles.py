"""Quantiles that intervals need: Student's t and the exact limits of a binomial share."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache


@lru_cache(maxsize=4096)
def student_t(probability: float, degrees: int) -> float:
    """Quantile of Student's t distribution.

    Args:
        probability: from 0.5, below 1.
        degrees: degrees of freedom, at least 1.

    Examples:
        >>> round(student_t(0.975, 1), 3), round(student_t(0.975, 63), 3)
        (12.706, 1.998)
    """
    high = 1.0
    while _student_t_cdf(high, degrees) < probability:
        high *= 2
    return _bisect(lambda t: _student_t_cdf(t, degrees) < probability, 0.0, high)


@lru_cache(maxsize=65_536)
def binomial_limits(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """Exact (Clopper-Pearson) two-sided limits of a share.

    With no success the upper limit is the "rule of three" in its exact, two-sided form, about `3.7 / trials`.

    Examples:
        >>> [round(limit, 4) for limit in binomial_limits(0, 128)]
        [0.0, 0.0284]
        >>> [round(limit, 4) for limit in binomial_limits(3, 64)]
        [0.0098, 0.1309]
    """
    tail = (1 - confidence) / 2
    low = _bisect(lambda p: 1 - _binomial_cdf(successes - 1, trials, p) < tail, 0.0, 1.0)
    high = _bisect(lambda p: _binomial_cdf(successes, trials, p) > tail, 0.0, 1.0)
    return (low if successes else 0.0), (high if successes < trials else 1.0)


def _bisect(below: Callable[[float], bool], low: float, high: float) -> float:
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return (low + high) / 2


def _binomial_cdf(successes: int, trials: int, p: float) -> float:
    if not 0 < p < 1:
        return 1.0 if p <= 0 or successes >= trials else 0.0
    log_p, log_q, log_n = math.log(p), math.log1p(-p), math.lgamma(trials + 1)
    return math.fsum(
        math.exp(log_n - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + k * log_p + (trials - k) * log_q)
        for k in range(successes + 1)
    )


def _student_t_cdf(t: float, degrees: int) -> float:
    """Finite sums for whole degrees of freedom: Abramowitz and Stegun 26.7.3 and 26.7.4."""
    angle = math.atan2(t, math.sqrt(degrees))
    cosine, sine = math.cos(angle), math.sin(angle)
    odd = degrees % 2
    term = total = cosine if odd else 1.0
    for k in range(1 + odd, degrees - 1, 2):
        term *= cosine * cosine * k / (k + 1)
        total += term
    if degrees == 1:
        total = 0.0
    return (1 + (2 / math.pi * (angle + sine * total) if odd else sine * total)) / 2
