r"""An organisation's own file: which row asks about which identifier, each identifier once.

>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     path = Path(folder) / "customers.csv"
...     _ = path.write_text("id;mail\n7;ada@example.org\n8;nobody@\n9;ADA@EXAMPLE.ORG\n")
...     found = read_customers(path, Wish("mail"), id_wish=Wish("id"))
>>> len(found.inputs), found.rows.tolist(), found.ids.to_list(), dict(found.invalid)
(1, [1, 3], ['7', '9'], {'no-email-address': 1})

Rows are counted from 1 below the heading; blank lines are none. CSV is read as a watch list is, in any encoding.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.errors import NothingToRead, UsageError
from floodmark.exposure.canonical import IDENTIFIERS, LONGEST_CELL, canonical, kinds_of
from floodmark.exposure.check.organisation_blocks import Block, blocks
from floodmark.exposure.sealing.stream import texts_of
from floodmark.exposure.watch import REASONS, phone_reasons
from floodmark.exposure.watch_columns import Reading, Wish
from floodmark.exposure.watch_text import UNDECODABLE

MOSTLY = 0.5
NO_IDENTIFIER = "no-identifier"
_ADDRESS = r"[^\s@]@[^\s@]+\.[^\s@]"
_NUMBER = r"(\+?\d[\d ()./-]{5,}\d)"
CELLS = {"place": pl.Int64, "cell": pl.String, "id": pl.String}
SCHEMA = {"place": pl.Int64, "input": pl.String, "id": pl.String}


class NobodyToCheck(NothingToRead):
    """A file without one valid identifier in its column; exit code 3."""

    slug: ClassVar[str] = "nobody-to-check"
    hint = "See --column: 2=phone says what the second column holds; --region reads national numbers."


class TellingIds(UsageError):
    """A column of customer ids holds identifiers of people, which never go into an output; exit code 2."""

    slug: ClassVar[str] = "telling-ids"
    hint = "Name a column of ids that say nothing by themselves, or use the row numbers."


@dataclass(frozen=True)
class Customers:
    """Whom an organisation asks about.

    Attributes:
        sha256: of the file's bytes, hexadecimal.
        inputs: of the evaluation, distinct, String, shape (n,).
        rows: numbers of the rows with a valid identifier, ascending, int64, shape (m,).
        which: position in `inputs` of each of these rows, int64, shape (m,).
        ids: what the id column has in each of these rows, String, shape (m,); None where none was asked for.
        total: rows in all.
        invalid: rows without a valid identifier, by reason.
    """

    sha256: str = field(repr=False)
    inputs: pl.Series = field(repr=False)
    rows: NDArray[np.int64] = field(repr=False)
    which: NDArray[np.int64] = field(repr=False)
    ids: pl.Series | None = field(repr=False)
    total: int
    invalid: Counter[str]


def read_customers(
    path: Path,
    wish: Wish,
    *,
    id_wish: Wish | None = None,
    region: str | None = None,
    encoding: str | None = None,
    advance: Callable[[int], None] | None = None,
) -> Customers:
    """Read the column of a CSV or Parquet file that holds identifiers.

    Args:
        path: the file; CSV may be gzip or zstd.
        wish: the column.
        id_wish: a column to copy into the output; None for none.
        region: country of national phone numbers, ISO 3166-1 alpha-2.
        encoding: of a CSV file; None to find out.
        advance: told how many raw bytes were read since it was last called.

    Raises:
        NobodyToCheck: no row has a valid identifier.
        TellingIds: the id column holds identifiers.
        NothingToRead: the file is missing or empty.
        UsageError: a column, encoding or region that does not exist.
        UnreadableInput: the file cannot be read through.
    """
    if wish.kind not in (None, *IDENTIFIERS):
        raise UsageError("A check is of identifiers alone.", f"Kinds are {', '.join(IDENTIFIERS)}.")
    sha256, invalid = hashlib.sha256(), Counter[str]()

    def watch(data: bytes) -> None:
        sha256.update(data)
        if advance is not None:
            advance(len(data))

    wishes = [wish, id_wish] if id_wish else [wish]
    ids = _IdColumn(region)
    places, parts = [np.empty(0, np.int64)], [pl.DataFrame(schema=SCHEMA)]
    for block in blocks(path, wishes, region=region, encoding=encoding, watch=watch):
        places += [block.places, *(np.array(lines, np.int64) for lines in block.lost.values())]
        invalid.update({reason: len(lines) for reason, lines in block.lost.items() if lines})
        ids.look_at(block)
        parts.append(_inputs(block, wish, region, invalid))
    every, frame = np.sort(np.concatenate(places)), pl.concat(parts)
    if not frame.height:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in invalid.most_common(3))
        raise NobodyToCheck(f"{path.name} has no valid identifier" + (f": {reasons}." if reasons else "."))
    ids.refuse_telling()
    return Customers(
        sha256=sha256.hexdigest(),
        inputs=frame["input"].unique().sort(),
        rows=np.searchsorted(every, frame["place"].to_numpy()) + 1,
        which=frame["input"].rank("dense").to_numpy().astype(np.int64) - 1,
        ids=frame["id"] if id_wish else None,
        total=len(every),
        invalid=invalid,
    )


class _IdColumn:
    """Looks whether a column of ids holds what a person is found by."""

    def __init__(self, region: str | None) -> None:
        self._region = region
        self._filled = self._numbers = self._addresses = self._same = 0

    def look_at(self, block: Block) -> None:
        """Count a block's ids."""
        if block.ids is None:
            return
        ids = block.ids.fill_null("").str.strip_chars()
        self._same += int(((ids == block.cells.fill_null("").str.strip_chars()) & (ids != "")).sum())
        ids = ids.filter(ids != "").unique()
        self._filled += ids.len()
        self._addresses += int(ids.str.contains(_ADDRESS).sum())
        numbers = canonical("phone", ids.str.extract(_NUMBER).fill_null(""), self._region)
        self._numbers += numbers.len() - numbers.null_count()

    def refuse_telling(self) -> None:
        """See that they are none.

        Raises:
            TellingIds: there is an address among them, or most of them are telephone numbers or what is checked.
        """
        if self._addresses:
            raise TellingIds("The column of ids holds e-mail addresses.")
        if self._numbers > MOSTLY * self._filled:
            raise TellingIds("Most cells of the column of ids are valid telephone numbers.")
        if self._same > MOSTLY * self._filled:
            raise TellingIds("The column of ids is what is to be checked.")


def _inputs(block: Block, wish: Wish, region: str | None, invalid: Counter[str]) -> pl.DataFrame:
    """Rows of a block with their inputs; the others are counted."""
    cells = block.cells.fill_null("").str.strip_chars()
    blank = cells == ""
    long = cells.str.len_chars() > LONGEST_CELL
    garbled = cells.str.contains(UNDECODABLE, literal=True) & ~long
    for reason, which in (("empty", blank), ("too-long", long), ("undecodable", garbled)):
        if count := int(which.sum()):
            invalid[reason] += count
    good = ~(blank | long | garbled)
    frame = pl.DataFrame({"place": block.places, "cell": cells, "id": block.ids}, schema=CELLS).filter(good)
    reads: Reading = wish.kind or block.reads
    kinds = (
        kinds_of(frame["cell"])
        if reads == "any"
        else pl.repeat(reads, frame.height, dtype=pl.String, eager=True)
    )
    found = [
        _of_kind(kind, frame.filter(kinds == kind), region, invalid)
        for kind in kinds.unique().sort().to_list()
    ]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *found]).sort("place")


def _of_kind(kind: str, frame: pl.DataFrame, region: str | None, invalid: Counter[str]) -> pl.DataFrame:
    if kind not in IDENTIFIERS:
        invalid[NO_IDENTIFIER] += frame.height
        return pl.DataFrame(schema=SCHEMA)
    forms = canonical(kind, frame["cell"], region)
    bad = forms.is_null()
    if bad.any():
        wrong = frame["cell"].filter(bad)
        if kind in REASONS:
            invalid[REASONS[kind]] += wrong.len()
        else:
            invalid.update(phone_reasons(wrong, region).to_list())
    inputs = texts_of(kind, forms.drop_nulls())
    return frame.filter(~bad).select("place", inputs.alias("input"), "id")
