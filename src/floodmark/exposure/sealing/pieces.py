"""Inputs put together to pieces of one size, whatever sizes they come in.

>>> import numpy as np
>>> found = [Inputs(pl.Series(list("abc")), np.arange(3)), Inputs(pl.Series(list("de")), np.arange(3, 5))]
>>> [(one.texts.to_list(), one.ranks.tolist()) for one in pieces(found, 2)]
[(['a', 'b'], [0, 1]), (['c', 'd'], [2, 3]), (['e'], [4])]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from floodmark.exposure.sealing.stream import Inputs


def pieces(found: Iterable[Inputs], size: int) -> Iterator[Inputs]:
    """Everything that comes, `size` at a time; the last piece is what is left."""
    waiting: list[Inputs] = []
    held = 0
    for inputs in found:
        waiting.append(inputs)
        held += len(inputs.ranks)
        if held < size:
            continue
        joined = _joined(waiting)
        whole = held - held % size
        for start in range(0, whole, size):
            yield _part(joined, start, start + size)
        held -= whole
        waiting = [_part(joined, whole, whole + held)] if held else []
    if waiting:
        yield _joined(waiting)


def _joined(parts: list[Inputs]) -> Inputs:
    if len(parts) == 1:
        return parts[0]
    return Inputs(
        pl.concat([one.texts for one in parts], rechunk=False), np.concatenate([one.ranks for one in parts])
    )


def _part(inputs: Inputs, start: int, end: int) -> Inputs:
    return Inputs(inputs.texts[start:end], inputs.ranks[start:end])
