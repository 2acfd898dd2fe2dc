"""What triage gathers for the statistics, batch by batch, and the profile of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps import Grammar
from floodmark.identifiers import FieldType, phones
from floodmark.identifiers.digests import DigestKey
from floodmark.triage.statistics.addresses import AddressTally, folded, tally_addresses
from floodmark.triage.statistics.names import NameCounter
from floodmark.triage.statistics.profile import NameStatistics


@dataclass(frozen=True)
class ValidCells:
    """The valid identifiers of one column of a batch.

    Attributes:
        valid: which rows have one, Boolean, shape (rows,).
        values: of these rows in order: canonical addresses; of phones, the index of their region.
    """

    valid: pl.Series
    values: pl.Series


@dataclass
class Gathered:
    """Sums over batches of one file.

    Attributes:
        addresses: addresses against names; None where no batch has both.
        named: rows with a first name and a valid number, by index of `phones.REGIONS`.
    """

    addresses: AddressTally | None = None
    named: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(phones.REGIONS), np.int64))

    def add(self, other: Gathered) -> None:
        """Add what another batch or file gave."""
        self.named += other.named
        if other.addresses is not None:
            self.addresses = self.addresses or AddressTally()
            self.addresses.add(other.addresses)


class Statistics:
    """Asked of a triage, it makes it gather the sufficient statistics of what it reads.

    Args:
        key: the digest key, under which first names are kept; without one they are not.
    """

    def __init__(self, key: DigestKey | None = None) -> None:
        self._key = key
        self._names: NameCounter | None = None

    def begin(self) -> None:
        """Start anew: a triage does so before it reads."""
        self._names = NameCounter() if self._key is not None else None

    def gather(
        self, frame: pl.DataFrame, grammar: Grammar, addresses: list[ValidCells], numbers: list[ValidCells]
    ) -> Gathered:
        """What a batch gives; several threads may call it at once.

        Args:
            frame: text cells, a String column per column of the grammar.
            grammar: of the file.
            addresses: the columns of e-mail addresses.
            numbers: the columns of phone numbers; the first is the one whose country counts.
        """
        gathered = Gathered()
        names = _name_columns(frame, grammar)
        if names is None:
            return gathered
        first, last = names
        if last is not None and addresses:
            gathered.addresses = AddressTally()
            for column in addresses:
                rows = column.valid
                gathered.addresses.add(tally_addresses(column.values, first.filter(rows), last.filter(rows)))
        if self._names is not None and numbers:
            words = folded(first.filter(numbers[0].valid), only_first=True)
            some = words != ""
            gathered.named = self._names.add(words.filter(some), numbers[0].values.filter(some))
        return gathered

    def names(self, gathered: Gathered) -> NameStatistics | None:
        """First names by country over all files, whose sums are `gathered`; None without a key or a name.

        The texts of the names are forgotten.
        """
        names, self._names = self._names, None
        if self._key is None or names is None or not gathered.named.any():
            return None
        return names.finish(self._key, gathered.named)


def _name_columns(frame: pl.DataFrame, grammar: Grammar) -> tuple[pl.Series, pl.Series | None] | None:
    """First and last names of the rows, from the first column of each type, else from full names."""
    first, last, whole = (
        next((frame.to_series(column.index) for column in grammar.columns if column.type is kind), None)
        for kind in (FieldType.FIRST_NAME, FieldType.LAST_NAME, FieldType.FULL_NAME)
    )
    if first is None and whole is not None:
        return split_names(whole)
    return None if first is None else (first, last)


def split_names(names: pl.Series) -> tuple[pl.Series, pl.Series]:
    """First and last names in full ones; both "" where there is one word only.

    Examples:
        >>> first, last = split_names(pl.Series(["Ada King Lovelace", "LOVELACE, Ada King", "Ada", ""]))
        >>> first.to_list(), last.to_list()
        (['Ada', 'Ada King', '', ''], ['Lovelace', 'LOVELACE', '', ''])
    """
    name = pl.col("name").str.strip_chars()
    turned = name.str.extract_groups(r"^([^,]*\S)\s*,\s*([^,]+)$").struct
    straight = name.str.extract_groups(r"^([^\s,]+)\s(?:[^,]*\s)?([^\s,]+)$").struct
    found = pl.DataFrame({"name": names}).select(
        first=pl.coalesce(turned.field("2"), straight.field("1")).fill_null(""),
        last=pl.coalesce(turned.field("1"), straight.field("2")).fill_null(""),
    )
    return found["first"], found["last"]
