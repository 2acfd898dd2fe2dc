"""How likely a sum of scores is by chance, when nobody says beforehand which rows will match.

A row can score x1 > x2 > ...; under a null hypothesis its score is xj or more with probability at most 10^-xj, and rows
are independent. The greatest chance of a sum is then had where these hold with equality, and is summed over all ways
in which rows can match: exactly, but for scores being cut to a 32nd of a digit. To multiply the chances of those rows
that do match, as if somebody had named them before, would be too small by the number of ways to choose them.

Since each score times ln 10 is at most an exponential variable, the result is never above the tail of a Gamma
variable, `exp(-y) sum of y^j / j! over j < n` at `y = score ln 10`: a check that needs no table of scores, and is far
weaker where most rows differ.

>>> tail = Tail([(3.0,)] * 20)
>>> round(10 ** tail.log10([3.0]), 6), round(tail.log10([3.0] * 3), 2)  # at least one of 20; at least three
(0.019811, -5.95)
"""

from __future__ import annotations

import math
from collections.abc import Sequence

GRID = 32  # cells of a digit
MOST = 200  # digits of a sum; the chance of that many stands for all beyond
LEAST = -300.0  # of a logarithm: what a float holds


class Tail:
    """Chances of sums of scores.

    Args:
        scores: for each row the scores that it can have, above zero and the greatest first; see `RowMatch.attainable`.
    """

    def __init__(self, scores: Sequence[tuple[float, ...]]) -> None:
        import numpy as np

        self._rows = [[(int(score * GRID), 10.0**-score) for score in row] for row in scores if row]
        sums, most = np.ones(1), MOST * GRID
        for row in self._rows:
            before = sums
            sums = np.zeros(1 + min(most, len(before) - 1 + row[0][0]))
            sums[: len(before)] = before * (1.0 - row[-1][1])
            stricter = 0.0
            for cells, chance in row:
                inside = max(0, min(len(before), len(sums) - cells))
                sums[cells : cells + inside] += (chance - stricter) * before[:inside]
                sums[-1] += (chance - stricter) * before[inside:].sum()
                stricter = chance
        self._at_least = np.minimum(1.0, np.cumsum(sums[::-1])[::-1])

    def log10(self, scores: Sequence[float]) -> float:
        """Common logarithm of the chance that the sum is at least that of `scores`."""
        return self._log10(sum(int(score * GRID) for score in scores))

    def enough(self, log10_p: float) -> int | None:
        """The least number of rows of which any, matching in the strictest way, bring the chance to `log10_p` or less.

        None where all rows together do not.
        """
        total = 0
        for count, cells in enumerate(sorted(row[0][0] for row in self._rows), start=1):
            total += cells
            if self._log10(total) <= log10_p:
                return count
        return None

    def _log10(self, cells: int) -> float:
        chance = float(self._at_least[min(cells, len(self._at_least) - 1)])
        return max(LEAST, math.log10(chance)) if chance else LEAST
