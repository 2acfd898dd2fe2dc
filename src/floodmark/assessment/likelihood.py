"""Words for how likely something is, each with its range, so that two readers take the same from it.

Office of the Director of National Intelligence, Intelligence Community Directive 203, Analytic Standards (2015),
D.6.e(2)(a). It keeps to 1 and 99 per cent, and so does this: nothing here is certain.

>>> print(ALMOST_CERTAIN)
almost certain (95 to 99 %)
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Likelihood:
    """One of the directive's terms.

    Attributes:
        word: as it is written.
        low: in per cent.
        high: in per cent.
    """

    word: str
    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.word} ({self.low} to {self.high} %)"


SCALE = (
    Likelihood("almost no chance", 1, 5),
    Likelihood("very unlikely", 5, 20),
    Likelihood("unlikely", 20, 45),
    Likelihood("roughly even chance", 45, 55),
    Likelihood("likely", 55, 80),
    Likelihood("very likely", 80, 95),
    Likelihood("almost certain", 95, 99),
)
VERY_LIKELY, ALMOST_CERTAIN = SCALE[5], SCALE[6]
NAME = "ICD 203 (2015)"
