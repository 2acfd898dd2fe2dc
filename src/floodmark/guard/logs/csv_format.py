"""Lines of separated values, cut by one expression that is made for the header and for what is wanted.

>>> form = CsvFormat.of_header("time;who;phone", "")
>>> form.cut(pl.Series(['1;"a;b";+44', "2;c"]), ("who", "phone")).fields.rows()
[('a;b', '+44'), (None, None)]

A record is a line: a quoted line end in one makes two lines of it that do not fit, and are counted.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import Self

import polars as pl

from floodmark.errors import UnreadableInput
from floodmark.guard.logs.formats import Cut

DELIMITERS = ",;\t|"
MOST_COLUMNS = 500


@dataclass(frozen=True)
class CsvFormat:
    """The columns of one file.

    Attributes:
        names: of the columns.
        delimiter: between cells.
    """

    names: tuple[str, ...]
    delimiter: str

    @classmethod
    def of_header(cls, line: str, delimiter: str) -> Self:
        """The format of a file by its first line.

        Args:
            line: without its end.
            delimiter: "" for the one of `DELIMITERS` that the line has most of.

        Raises:
            UnreadableInput: the line is no header.
        """
        delimiter = delimiter or max(DELIMITERS, key=line.count)
        try:
            names = next(csv.reader([line.lstrip("\ufeff")], delimiter=delimiter), [])
        except csv.Error as error:
            raise UnreadableInput("The first line is no header of separated values") from error
        if not names or len(names) > MOST_COLUMNS:
            raise UnreadableInput(f"The first line names no columns, or more than {MOST_COLUMNS}")
        return cls(tuple(name.strip() for name in names), delimiter)

    def cut(self, lines: pl.Series, wanted: tuple[str, ...]) -> Cut:
        """Cut lines, as `PatternFormat.cut`; a column that the file has not is null."""
        places = {name: self.names.index(name) for name in wanted if name in self.names}
        cell = rf"[^{re.escape(self.delimiter)}\"]*"
        parts = []
        for place in range(len(self.names)):
            kept = place in places.values() or place == 0
            quoted = r"(?:[^\"]|\"\")*"
            parts.append(rf"(?:\"({quoted})\"|({cell}))" if kept else rf"(?:\"{quoted}\"|{cell})")
        found = lines.str.extract_groups("^" + re.escape(self.delimiter).join(parts) + "$").struct.unnest()
        groups = sorted({0, *places.values()})
        cells = {
            place: found.to_series(2 * number)
            .str.replace_all('""', '"', literal=True)
            .zip_with(found.to_series(2 * number).is_not_null(), found.to_series(2 * number + 1))
            for number, place in enumerate(groups)
        }
        fits = cells[0].is_not_null()
        missing = pl.Series([], dtype=pl.String).extend_constant(None, lines.len())
        return Cut(
            pl.DataFrame({name: cells[places[name]] if name in places else missing for name in wanted}), fits
        )
