"""First names by country of the phone number: texts in memory while counting, keyed digests in the profile."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.identifiers import digests, phones
from floodmark.identifiers.digests import DigestKey
from floodmark.triage.frequent import FrequentCounter
from floodmark.triage.statistics.profile import NameCount, NameStatistics

KIND = "value/first_name"
CAPACITY = 200_000
LONGEST = 64  # bytes of a name; longer ones are no names that many people bear
FLOOR = 100
MOST = 2_000
_BETWEEN = "\t"


class NameCounter:
    """Counts first names by country; several threads may `add` at once.

    Args:
        capacity: pairs of name and country held at most; beyond that counts may be too low by a known error.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._pairs = FrequentCounter(capacity, LONGEST + 4)

    def add(self, names: pl.Series, regions: pl.Series) -> NDArray[np.int64]:
        """Count the names of one batch.

        Args:
            names: folded first names, not empty, shape (n,).
            regions: of the same rows, the index into `phones.REGIONS` of the country of their number.

        Returns:
            Rows by region, shape (regions,).
        """
        pairs = pl.DataFrame({"name": names, "region": regions}).group_by("name", "region").len()
        keys = pairs.select(pl.concat_str(pl.col("region").cast(pl.String), pl.lit(_BETWEEN), "name"))
        self._pairs.add(keys.to_series(), pairs["len"])
        return np.bincount(regions.to_numpy(), minlength=len(phones.REGIONS))

    def finish(self, key: DigestKey, by_region: NDArray[np.int64]) -> NameStatistics:
        """The most frequent pairs, at least `FLOOR` rows each and at most `MOST`, names as digests.

        Args:
            key: the digest key.
            by_region: rows with a name and a number, by region.
        """
        top = self._pairs.top(MOST).filter(pl.col("count") >= FLOOR)
        parts = top["key"].str.split_exact(_BETWEEN, 1).struct.unnest()
        found = digests.of_texts(KIND, parts["field_1"], key)
        rows = top["count"].to_list()
        order = np.argsort(-by_region, kind="stable")
        return NameStatistics(
            key=key.id,
            rows=int(by_region.sum()),
            countries=[
                {"country": phones.REGIONS[region], "rows": int(by_region[region])}
                for region in order.tolist()
                if by_region[region]
            ],
            floor=FLOOR,
            names=[
                NameCount(f"{digest:016x}", phones.REGIONS[int(region)], count)
                for digest, region, count in zip(found.tolist(), parts["field_0"], rows, strict=True)
            ],
            other_rows=int(by_region.sum()) - sum(rows),
            error=self._pairs.error,
        )
