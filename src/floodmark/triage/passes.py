"""One pass over the sorted distinct values of every kind: all that needs their order, or how often each occurs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.identifiers import phones
from floodmark.triage.distinct import DistinctSpool
from floodmark.triage.profile import RunsProfile
from floodmark.triage.runs import RunCounter
from floodmark.triage.statistics.copies import CopyCounter
from floodmark.triage.statistics.numbers import NumberCounter
from floodmark.triage.statistics.profile_ids import IdHistogram


@dataclass
class Passes:
    """What the passes found.

    Attributes:
        copies: by kind (and `row`), totals, distinct values and copies.
        runs: runs of phone numbers.
        by_region: distinct phone numbers by index of `phones.REGIONS`.
        numbers: statistics of phone numbers; None where they were not asked for.
        ids: profile ids by size; None where they were not asked for.
    """

    copies: dict[str, CopyCounter]
    runs: RunsProfile
    by_region: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(phones.REGIONS), np.int64))
    numbers: NumberCounter | None = None
    ids: IdHistogram | None = None


def pass_over(
    spools: dict[str, DistinctSpool], *, detailed: bool = False, largest: Sequence[int] = ()
) -> Passes:
    """Read every spool once, in ascending order.

    Args:
        spools: by kind of identifier, and `row`.
        detailed: whether to count for the statistics too.
        largest: for these, regions whose numbers are counted by themselves.

    Raises:
        SpoolFailed: temporary space cannot be read back.
    """
    runs = RunCounter()
    found = Passes({kind: CopyCounter() for kind in spools}, runs.finish())
    if detailed:
        found.numbers, found.ids = NumberCounter(largest), IdHistogram()
    for kind, spool in spools.items():
        for values, counts in spool.finish():
            found.copies[kind].add(counts)
            if kind == "phone":
                runs.add(values)
                regions = phones.resolve(pl.Series(values))["region"].to_numpy()
                found.by_region += np.bincount(regions, minlength=len(phones.REGIONS))
                if found.numbers is not None:
                    found.numbers.add(values, regions)
            elif kind == "profile_id" and found.ids is not None:
                found.ids.add(values)
    found.runs = runs.finish()
    return found
