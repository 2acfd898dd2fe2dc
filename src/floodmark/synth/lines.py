"""Lines of a chunk: cells joined, some of them damaged in known ways.

A byte that is no UTF-8 cannot live in a Polars text: a private-use character of the same length stands for
it until the lines are bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.synth.twins import Twin, TwinColumn

# Latin-1 letters, a surrogate (CESU-8) and an overlong form: three bytes each, as their placeholders.
BROKEN = {"\ue000": b"\xe9\xe8\xff", "\ue001": b"\xed\xa0\x80", "\ue002": b"\xc0\xaf\xe9"}
MAY_NEED_QUOTES = ("city", "hometown", "work", "topics")


def quoted(cell: pl.Expr) -> pl.Expr:
    """A cell as RFC 4180 writes it: in quotes, and quotes doubled, where it holds a comma or a quote."""
    inner = pl.concat_str(pl.lit('"'), cell.str.replace_all('"', '""', literal=True), pl.lit('"'))
    return pl.when(cell.str.contains_any([",", '"'])).then(inner).otherwise(cell)


def join(frame: pl.DataFrame, twin: Twin, columns: Sequence[TwinColumn]) -> pl.Series:
    """Lines (str, without line end) of cells in the order of `columns`."""
    cells = [
        quoted(pl.col(c.name)) if twin.quoted and c.source in MAY_NEED_QUOTES else pl.col(c.name)
        for c in columns
    ]
    return frame.select(pl.concat_str(cells, separator=twin.delimiter).alias("line"))["line"]


def damaged(
    frame: pl.DataFrame, kind: str, twin: Twin, columns: Sequence[TwinColumn], chance: NDArray[np.float64]
) -> pl.Series:
    """Lines of these records (cells as in `join`), each damaged in one way.

    Args:
        frame: cells of the records to damage.
        kind: one of `twin.damage`.
        twin: how lines are made.
        columns: the columns in the order of the file.
        chance: a number in [0, 1) for each record; decides where.
    """
    frame = frame.with_columns(pl.Series("_chance", chance))
    return DAMAGE[kind](frame, twin, columns)


def encode(lines: pl.Series) -> bytes:
    """Lines as UTF-8, each with its line feed, the placeholders of broken bytes resolved."""
    buffer = BytesIO()
    lines.to_frame().write_csv(buffer, include_header=False, quote_style="never")
    view = np.frombuffer(buffer.getbuffer(), dtype=np.uint8)
    # 0xEE begins the private-use characters U+E000 to U+EFFF, and no other text that is written here.
    places = np.flatnonzero(view == 0xEE)
    if len(places):
        table = np.frombuffer(b"".join(BROKEN.values()), dtype=np.uint8).reshape(-1, 3)
        view[places[:, None] + np.arange(3)] = table[view[places + 2] - 0x80]
    del view
    return buffer.getvalue()


def _insert(frame: pl.DataFrame, twin: Twin, text: pl.Expr) -> pl.DataFrame:
    """Put text into the middle of one text cell: the first that is filled, starting at a drawn column."""
    count = len(twin.text)
    # Far digits of the same draw, so that the column does not follow from what is put into it.
    turn = (pl.col("_chance") * 7919 % 1 * count).floor().cast(pl.Int64)
    free = pl.lit(True)
    changed = []
    for place, name in enumerate(twin.text):
        cell = pl.col(name)
        half = cell.str.len_chars() // 2
        here = free & (pl.lit(place) >= turn) & ((cell != "") | (place == count - 1))
        free = free & ~here
        inserted = pl.concat_str(cell.str.head(half), text, cell.str.slice(half))
        changed.append(pl.when(here).then(inserted).otherwise(cell).alias(name))
    return frame.with_columns(changed)


def _unterminated(frame: pl.DataFrame, twin: Twin, columns: Sequence[TwinColumn]) -> pl.Series:
    """A quote that opens the first name and is never closed."""
    name = twin.text[-1]
    return join(frame.with_columns(pl.concat_str(pl.lit('"'), name).alias(name)), twin, columns)


def _last(columns: Sequence[TwinColumn]) -> pl.Expr:
    """Position of the last filled cell of a record."""
    filled = [pl.when(pl.col(c.name) != "").then(pl.lit(place)) for place, c in enumerate(columns)]
    return pl.max_horizontal(filled)


def _missing(frame: pl.DataFrame, twin: Twin, columns: Sequence[TwinColumn]) -> pl.Series:
    """One delimiter left out, before the last filled cell: at the end of a line nobody could tell.

    Where the last cell may hold the delimiter (a password), that one goes too.
    """
    if len(columns) == 2:
        whole = pl.concat_str(columns[0].name, columns[1].name)
        glued = whole.str.replace_all(twin.delimiter, "", literal=True)
        return frame.select(glued.alias("line"))["line"]
    ready = frame.with_columns(join(frame, twin, [column]).alias(column.name) for column in columns)
    gap = (pl.col("_chance") * _last(columns)).floor().cast(pl.Int64)
    cells: list[pl.Expr] = []
    for place, column in enumerate(columns):
        ends = place == len(columns) - 1
        delimiter = pl.when(gap == place).then(pl.lit("")).otherwise(pl.lit("" if ends else twin.delimiter))
        cells += [pl.col(column.name), delimiter]
    return ready.select(pl.concat_str(cells).alias("line"))["line"]


def _truncated(frame: pl.DataFrame, twin: Twin, columns: Sequence[TwinColumn]) -> pl.Series:
    """The line up to some place before the delimiter that precedes its last filled cell."""
    last = _last(columns)
    ready = frame.with_columns(join(frame, twin, [column]).alias(column.name) for column in columns)
    lengths = [
        pl.when(place < last).then(pl.col(c.name).str.len_chars() + len(twin.delimiter)).otherwise(0)
        for place, c in enumerate(columns)
    ]
    kept = pl.sum_horizontal(lengths).cast(pl.Int64) - len(twin.delimiter)
    length = pl.min_horizontal(1 + (pl.col("_chance") * kept).floor().cast(pl.Int64), kept)
    whole = pl.concat_str([c.name for c in columns], separator=twin.delimiter)
    return ready.select(whole.str.head(length).alias("line"))["line"]


def _blank(frame: pl.DataFrame, twin: Twin, columns: Sequence[TwinColumn]) -> pl.Series:
    """Nothing but the line end."""
    return pl.Series("line", [""]).new_from_index(0, len(frame))


def _stray(frame: pl.DataFrame, twin: Twin, columns: Sequence[TwinColumn]) -> pl.Series:
    """A delimiter inside a text cell."""
    return join(_insert(frame, twin, pl.lit(twin.delimiter)), twin, columns)


def _nul(frame: pl.DataFrame, twin: Twin, columns: Sequence[TwinColumn]) -> pl.Series:
    """A NUL inside a text cell."""
    return join(_insert(frame, twin, pl.lit("\0")), twin, columns)


def _broken(frame: pl.DataFrame, twin: Twin, columns: Sequence[TwinColumn]) -> pl.Series:
    """Three bytes that are no UTF-8 inside a text cell."""
    turn = (frame["_chance"] * len(BROKEN)).floor().cast(pl.Int64)
    marks = pl.Series("_mark", list(BROKEN)).gather(turn)
    return join(_insert(frame.with_columns(marks), twin, pl.col("_mark")), twin, columns)


DAMAGE: dict[str, Callable[[pl.DataFrame, Twin, Sequence[TwinColumn]], pl.Series]] = {
    "stray_delimiter": _stray,
    "unterminated_quote": _unterminated,
    "missing_delimiter": _missing,
    "truncated_line": _truncated,
    "invalid_utf8": _broken,
    "nul_byte": _nul,
    "blank_line": _blank,
}
