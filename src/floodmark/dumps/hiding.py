"""Hiding the delimiters in the few times of day that most dated cells share, before a chunk is split.

In a colon file with ` 12:00:00 AM` on every line, the two colons of the time would make two cells too many. Replacing
that one text by another of the same length costs less than joining its cells on every line; `restored` puts it back.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from floodmark.dumps.plan import TIME_TYPES, Plan
from floodmark.dumps.raw_cells import STAND_INS, RawCells


@dataclass(frozen=True)
class Hidden:
    """A chunk with some delimiters hidden.

    Attributes:
        data: the chunk, as long as before.
        delimiter: what was hidden.
        byte: what stands for it.
        times: how many times of day were hidden.
    """

    data: bytes
    delimiter: str
    byte: str
    times: int

    def restored(self, raw: RawCells, plan: Plan) -> RawCells:
        """The cells with the hidden delimiters put back, in the columns where they are."""
        spread = range(-1, plan.usual_extra + 1)
        likely = {str(i + more) for i, kind in enumerate(plan.types) if kind in TIME_TYPES for more in spread}
        holding = self._holding(raw, [name for name in raw.frame.columns if name in likely])
        if sum(holding.values()) != self.times:  # a damaged line can have its time anywhere
            holding |= self._holding(raw, [name for name in raw.frame.columns if name not in likely])
        where = [name for name, rows in holding.items() if rows]
        back = pl.col(where).str.replace_all(self.byte, self.delimiter, literal=True)
        return RawCells(raw.frame.with_columns(back), raw.counts)

    def _holding(self, raw: RawCells, columns: list[str]) -> dict[str, int]:
        """Rows with something hidden, by column."""
        counted = raw.frame.select(pl.col(columns).str.contains(self.byte, literal=True).sum())
        return dict(zip(columns, counted.row(0), strict=True)) if columns else {}


def hide(data: bytes, times: tuple[str, ...], delimiter: bytes) -> Hidden | None:
    """Hide the delimiters in `times`; None where there is nothing to hide or no byte to hide it with."""
    byte = next((candidate for candidate in STAND_INS if candidate not in data), None)
    if not times or byte is None:
        return None
    hidden = data
    for time in times:
        text = time.encode()
        hidden = hidden.replace(text, text.replace(delimiter, byte))
    each = times[0].encode().count(delimiter)
    if any(time.encode().count(delimiter) != each for time in times):
        return None
    return Hidden(hidden, delimiter.decode(), byte.decode(), hidden.count(byte) // each)
