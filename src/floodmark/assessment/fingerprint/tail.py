"""How likely a sum of scores is by chance, when nobody says beforehand which rows will match.

Each score X, in decimal digits, is at least x with probability at most 10^-x, and rows are independent. So X ln 10 is
stochastically at most an exponential variable, and the sum over n rows at most a Gamma(n) variable, whose tail is a
sum of n terms (Erlang): P(Gamma(n) >= y) = exp(-y) sum_{j<n} y^j / j!. To multiply the chances of the rows that match, as
if they had been named before, would be too small by the number of ways to choose them.

>>> round(log10_tail(6.0, 1), 6), round(log10_tail(27.0, 10), 2)
(-6.0, -16.35)
"""

from __future__ import annotations

import math

_LN10 = math.log(10)


def log10_tail(score: float, rows: int) -> float:
    """Common logarithm of the bound on P(sum of scores >= score) over `rows` rows; 0 where it says nothing."""
    if score <= 0 or rows < 1:
        return 0.0
    y = score * _LN10
    terms = [j * math.log(y) - math.lgamma(j + 1) for j in range(rows)]
    most = max(terms)
    return min(0.0, (most + math.log(sum(math.exp(term - most) for term in terms)) - y) / _LN10)
