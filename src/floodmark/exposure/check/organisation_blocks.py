r"""The rows of a CSV or Parquet file in blocks of bounded memory: a column of cells, and one of ids if asked for.

>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     path = Path(folder) / "customers.csv"
...     _ = path.write_text("id,mail\n7,ada@example.org\n\n8,bob@example.org\n")
...     [block] = blocks(path, [Wish("mail")], watch=lambda data: None)
>>> block.places.tolist(), block.cells.to_list()
([2, 4], ['ada@example.org', 'bob@example.org'])
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.containers import Watcher
from floodmark.errors import UnreadableInput, UsageError
from floodmark.exposure.watch_columns import Reading, Wish
from floodmark.exposure.watch_table import WatchTable
from floodmark.exposure.watch_text import WatchText

PARQUET = b"PAR1"
PIECE = 1 << 20
PARQUET_ROWS = 100_000


@dataclass(frozen=True)
class Block:
    """Some rows.

    Attributes:
        places: where each stands, ascending through the file: its line, or its number; int64, shape (n,).
        cells: of the column, null where a row has none; String, shape (n,).
        ids: of the id column, likewise; None where none was asked for.
        reads: what the cells are read as where nobody said so.
        lost: places of rows that could not be cut, by reason.
    """

    places: NDArray[np.int64]
    cells: pl.Series = field(repr=False)
    ids: pl.Series | None = field(repr=False)
    reads: Reading = "any"
    lost: Mapping[str, Sequence[int]] = field(default_factory=dict)


def blocks(
    path: Path,
    wishes: Sequence[Wish],
    *,
    region: str | None = None,
    encoding: str | None = None,
    watch: Watcher,
) -> Iterator[Block]:
    """All rows of a file.

    Args:
        path: the file.
        wishes: the column, and the id column if there is one.
        region: country of national phone numbers.
        encoding: of a CSV file; None to find out.
        watch: told of every raw byte, in order.

    Raises:
        NothingToRead: the file is missing or empty.
        UsageError: a column or encoding that does not exist.
        UnreadableInput: the file cannot be read through.
    """
    if _is_parquet(path):
        yield from _of_parquet(path, wishes, watch)
    else:
        yield from _of_text(WatchText(path, encoding, watch), wishes, region)


def _of_text(text: WatchText, wishes: Sequence[Wish], region: str | None) -> Iterator[Block]:
    table = WatchTable(text, wishes, region)
    for block, rows in table.rows():
        lost = {"too-long": block.too_long, "open-quote": rows.open_quotes}
        below = {reason: [at for at in lines if at > table.heading] for reason, lines in lost.items()}
        if not table.columns:
            continue
        cells = [rows.column(column.index) for column in table.columns]
        ids = cells[1] if len(wishes) > 1 else None
        yield Block(rows.lines, cells[0], ids, table.columns[0].reads, below)


def _of_parquet(path: Path, wishes: Sequence[Wish], watch: Watcher) -> Iterator[Block]:
    try:
        with path.open("rb") as file:
            while data := file.read(PIECE):
                watch(data)
        schema = pl.read_parquet_schema(path)
        names = [_named(wish, list(schema)) for wish in wishes]
        texts = [pl.col(name).cast(pl.String).alias(str(at)) for at, name in enumerate(names)]
        frame = pl.scan_parquet(path).select(texts).collect()
    except (pl.exceptions.PolarsError, OSError):  # whose words may quote a cell
        raise UnreadableInput(f"{path.name} cannot be read as Parquet.") from None
    for start in range(0, frame.height, PARQUET_ROWS):
        part = frame.slice(start, PARQUET_ROWS)
        places = np.arange(start + 1, start + 1 + part.height)
        yield Block(places, part["0"], part["1"] if len(names) > 1 else None)


def _named(wish: Wish, names: Sequence[str]) -> str:
    """A column by its name or number, as for a text file."""
    folded = [name.casefold() for name in names]
    if wish.column.casefold() in folded:
        return names[folded.index(wish.column.casefold())]
    if not wish.is_number:
        raise UsageError("The file has no such column.", "Give the heading as it is, or the column's number.")
    if not 1 <= int(wish.column[:9]) <= len(names):
        raise UsageError(f"The file has {len(names)} columns.", "Columns are counted from 1.")
    return names[int(wish.column) - 1]


def _is_parquet(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(PARQUET)) == PARQUET
