"""Which country a telephone number is of, where several share a calling code: +1 416 is in Canada, +1 242 the Bahamas.

>>> [country for first, country in number_regions() if first <= 12423020000][-1]
'BS'
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from floodmark.identifiers import numbering

NOBODY = "ZZ"  # of numbers that are dialled in several of the countries, such as those that cost the caller nothing
_PLACED = ("mobile", "fixed_line", "fixed_line_or_mobile")


@cache
def number_regions() -> list[tuple[int, str]]:
    """First number (E.164 without the plus) of each range and its country, `ZZ` where the plan does not tell it.

    Ranges end where the next begins. They hold for valid numbers under a calling code that several countries have.
    """
    table, outcomes = numbering.table(numbering.SIGNIFICANT), numbering.outcomes()
    valid = outcomes.valid[table.codes]
    starts, codes = table.starts[valid], table.codes[valid]
    region, calling_code = outcomes.region[codes], _calling_codes(starts)
    pairs = np.unique(np.column_stack([calling_code, region]), axis=0)
    several, countries = np.unique(pairs[:, 0], return_counts=True)
    shared = np.isin(calling_code, several[countries > 1])
    placed = np.isin(outcomes.kind[codes], [numbering.KINDS.index(kind) for kind in _PLACED])
    region = np.where(placed, region, numbering.REGIONS.index(NOBODY))[shared]
    first = np.append(True, region[1:] != region[:-1])
    names = np.array(numbering.REGIONS)[region[first]]
    return list(zip(starts[shared][first].tolist(), names.tolist(), strict=True))


def _calling_codes(numbers: numbering.Keys) -> npt.NDArray[np.int64]:
    """What each number begins with; no calling code is the beginning of another, and three digits are the most."""
    digits = np.searchsorted(numbering.POWERS, numbers, side="right")
    leading = [(numbers // numbering.POWERS[digits - length]).astype(np.int64) for length in (1, 2, 3)]
    return np.select([np.isin(one, numbering.CALLING_CODES) for one in leading], leading)
