"""What was found, one by one, as CSV for a sealed file: the only output that holds identifiers.

Columns: `line` (of the watch file), `kind`, `identifier`, `matched` (the watched domain or prefix that it is under),
`fields` (field types, parted by blanks), `rows` (records with it), `found` (only in a line that sums a domain or
prefix up), and `synthetic` where the target is made up.

A cell that a spreadsheet could take for a formula begins with an apostrophe, and so does one that begins with an
apostrophe itself: drop one and the cell is as it was. A phone number, `+` and digits alone, stands as it is.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.exposure import field_masks
from floodmark.exposure.canonical import IDENTIFIERS
from floodmark.exposure.hand_over import Constituent
from floodmark.exposure.match import ADDRESSES, Matched, under_domains

BLOCK = 100_000
COLUMNS = ("line", "kind", "identifier", "matched", "fields", "rows", "found")
FORMULA = r"^[=+\-@\t\r']"
Entries = NDArray[np.int64]


@dataclass(frozen=True)
class Share:
    """What one constituent is told.

    Attributes:
        constituent: who.
        addresses: distinct addresses under their domains.
        numbers: distinct numbers under their prefixes.
    """

    constituent: Constituent
    addresses: int
    numbers: int


class Findings:
    """What was found in one target, for everybody or for one constituent.

    Args:
        matched: the answer.
    """

    def __init__(self, matched: Matched) -> None:
        self.matched = matched
        self._watch = matched.watch

    def everything(self) -> Iterator[bytes]:
        """CSV of all that was found, in blocks."""
        domains, prefixes = self._all("domain"), self._all("prefix")
        yield self._header()
        yield from self._sums(domains, prefixes, lines=True)
        for kind in IDENTIFIERS:
            if kind in self._watch.entries:
                hits, index = self.matched.hits[kind], self._watch.entries[kind]
                for at in range(0, len(hits.entries), BLOCK):
                    entries = hits.entries[at : at + BLOCK]
                    rows = [None] * len(entries) if hits.rows is None else hits.rows[at : at + BLOCK]
                    yield self._csv(
                        index.lines[entries],
                        kind,
                        index.values.gather(entries),
                        pl.repeat(None, len(entries), dtype=pl.String, eager=True),
                        pl.Series(hits.fields[at : at + BLOCK]),
                        pl.Series(rows, dtype=pl.Int64),
                    )
        if self.matched.addresses is not None:
            yield from self._addresses(domains, lines=True)
        yield from self._numbers(prefixes, lines=True)

    def of(self, constituent: Constituent) -> Iterator[bytes]:
        """CSV of what one constituent is told: what is under their domains and prefixes, and nothing else."""
        domains, prefixes = self._entries(constituent)
        yield self._header()
        yield from self._sums(domains, prefixes, lines=False)
        yield from self._addresses(domains, lines=False)
        yield from self._numbers(prefixes, lines=False)

    def share(self, constituent: Constituent) -> Share:
        """How much one constituent is told."""
        domains, prefixes = self._entries(constituent)
        numbers = _rows_of(self._numbers_under, prefixes)["row"].n_unique()
        if self.matched.addresses is None:
            own = set(constituent.domains)
            # The domains below another of theirs are in its count.
            widest = [not any(name.endswith(f".{other}") for other in own) for name in constituent.domains]
            addresses = int(self.matched.domain_counts[domains[np.array(widest, np.bool_)]].sum())
        else:
            addresses = _rows_of(self._addresses_under, domains)["row"].n_unique()
        return Share(constituent, addresses, numbers)

    def _entries(self, constituent: Constituent) -> tuple[Entries, Entries]:
        """Places of a constituent's domains and prefixes in the watch list."""
        found = []
        for kind, values in (("domain", constituent.domains), ("prefix", constituent.prefixes)):
            index = self._watch.entries.get(kind)
            dtype = pl.String if kind == "domain" else pl.UInt64
            none = np.empty(0, np.int64)
            found.append(none if index is None or not values else index.find(pl.Series(values, dtype=dtype)))
        return found[0], found[1]

    def _all(self, kind: str) -> Entries:
        index = self._watch.entries.get(kind)
        return np.arange(0 if index is None else len(index))

    @cached_property
    def _pool(self) -> pl.DataFrame:
        """Addresses under watched domains; none of a saved leak, of which only the dump tells which they are.

        What somebody watches for by itself is theirs and never told to a constituent.
        """
        if self.matched.addresses is None:
            return pl.DataFrame(schema=ADDRESSES)
        return self.matched.addresses

    @cached_property
    def _addresses_under(self) -> pl.DataFrame:
        return under_domains(self._pool["identifier"], self._watch).sort("entry", "row")

    @cached_property
    def _numbers_under(self) -> pl.DataFrame:
        return self.matched.under_prefixes.sort("entry", "row")

    @cached_property
    def _prefix_counts(self) -> NDArray[np.int64]:
        size = len(self._watch.entries["prefix"])
        return np.bincount(self._numbers_under["entry"].to_numpy(), minlength=size)

    def _addresses(self, domains: Entries, *, lines: bool) -> Iterator[bytes]:
        for pairs in _rows_of(self._addresses_under, domains).iter_slices(BLOCK):
            found, index = self._pool[pairs["row"]], self._watch.entries["domain"]
            at, matched = self._lines("domain", pairs["entry"], lines), index.values.gather(pairs["entry"])
            yield self._csv(at, "email", found["identifier"], matched, found["fields"], found["rows"])

    def _numbers(self, prefixes: Entries, *, lines: bool) -> Iterator[bytes]:
        for pairs in _rows_of(self._numbers_under, prefixes).iter_slices(BLOCK):
            found, index = self.matched.numbers[pairs["row"]], self._watch.entries["prefix"]
            at, matched = (
                self._lines("prefix", pairs["entry"], lines),
                _plus(index.values.gather(pairs["entry"])),
            )
            yield self._csv(at, "phone", found["number"], matched, found["fields"], found["rows"])

    def _lines(self, kind: str, entries: pl.Series, lines: bool) -> NDArray[np.int64]:
        """Lines of the watch file, which mean nothing to a constituent."""
        if not lines:
            return np.zeros(entries.len(), np.int64)
        numbers: NDArray[np.int64] = self._watch.entries[kind].lines[entries.to_numpy()]
        return numbers

    def _sums(self, domains: Entries, prefixes: Entries, *, lines: bool) -> Iterator[bytes]:
        """One line for every domain and prefix, so that "none found" is told too."""
        if len(domains):
            index, counts = self._watch.entries["domain"], self.matched.domain_counts[domains]
            at = index.lines[domains] if lines else np.zeros(len(domains), np.int64)
            yield self._sum(at, "domain", index.values.gather(domains), counts)
        if len(prefixes):
            index = self._watch.entries["prefix"]
            counts = self._prefix_counts[prefixes]
            at = index.lines[prefixes] if lines else np.zeros(len(prefixes), np.int64)
            yield self._sum(at, "prefix", _plus(index.values.gather(prefixes)), counts)

    def _sum(
        self, lines: NDArray[np.int64], kind: str, matched: pl.Series, counts: NDArray[np.int64]
    ) -> bytes:
        frame = pl.DataFrame({"line": lines, "matched": matched, "found": counts})
        return self._text(
            frame.select(
                _line(),
                pl.lit(kind).alias("kind"),
                pl.lit(None, pl.String).alias("identifier"),
                "matched",
                pl.lit(None, pl.String).alias("fields"),
                pl.lit(None, pl.Int64).alias("rows"),
                "found",
            )
        )

    def _csv(
        self,
        lines: NDArray[np.int64],
        kind: str,
        identifiers: pl.Series,
        matched: pl.Series,
        fields: pl.Series,
        rows: pl.Series,
    ) -> bytes:
        texts = _plus(identifiers) if kind == "phone" else identifiers
        columns = {"line": lines, "identifier": texts, "matched": matched, "rows": rows}
        frame = pl.DataFrame(columns).with_columns(fields=field_masks.texts_of(fields))
        cell = pl.col("identifier")
        odd = cell.str.contains(FORMULA) if kind != "phone" else pl.lit(False)
        return self._text(
            frame.select(
                _line(),
                pl.lit(kind).alias("kind"),
                pl.when(odd).then(pl.concat_str(pl.lit("'"), cell)).otherwise(cell),
                "matched",
                "fields",
                "rows",
                pl.lit(None, pl.Int64).alias("found"),
            )
        )

    def _header(self) -> bytes:
        columns = [*COLUMNS, "synthetic"] if self.matched.synthetic else [*COLUMNS]
        return (",".join(columns) + "\r\n").encode()

    def _text(self, frame: pl.DataFrame) -> bytes:
        if self.matched.synthetic:
            frame = frame.with_columns(synthetic=pl.lit("synthetic"))
        buffer = io.BytesIO()
        frame.write_csv(buffer, include_header=False, line_terminator="\r\n")
        return buffer.getvalue()


def _rows_of(pairs: pl.DataFrame, entries: Sequence[int] | Entries) -> pl.DataFrame:
    """The pairs of some entries, of a frame that is sorted by them."""
    known = pairs["entry"].to_numpy()
    starts, ends = (np.searchsorted(known, entries, side=side) for side in ("left", "right"))
    sizes = ends - starts
    offsets = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return pairs.select(pl.all().gather(np.repeat(starts, sizes) + offsets))


def _plus(numbers: pl.Series) -> pl.Series:
    return numbers.to_frame("n").select(pl.concat_str(pl.lit("+"), pl.col("n").cast(pl.String))).to_series()


def _line() -> pl.Expr:
    """Line numbers, nothing where an entry stands on no line."""
    return pl.when(pl.col("line") > 0).then(pl.col("line")).alias("line")
