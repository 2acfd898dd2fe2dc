"""Looking for a watch list in dumps, streamed once: nothing of a dump is kept but what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from floodmark.dumps import Batch, Dump, Opening, Table, Unopened, opened
from floodmark.errors import FloodmarkError, LimitExceeded, NothingToRead
from floodmark.exposure.canonical import IDENTIFIERS, EntryKind
from floodmark.exposure.match import ADDRESSES, NUMBERS, Cells, Hits, Matched, Searched, Unread
from floodmark.exposure.match_batch import BatchHits, kinds_wanted, look_through
from floodmark.exposure.under import domain_of, watched_above
from floodmark.exposure.watch import WatchList
from floodmark.identifiers import FieldType

WORKERS = 2
MOST_FOUND = 20_000_000
UNSETTLED = 1_000_000


@dataclass(frozen=True)
class DumpOptions:
    """How dumps are read.

    Attributes:
        region: country of phone numbers written without country code, ISO 3166-1 alpha-2.
        grammar: a grammar file for all inputs.
        workers: threads.
        most_found: bound on the distinct addresses, and on the distinct numbers, kept under domains and prefixes.
        opening: how far containers are opened, and with which passwords.
    """

    region: str | None = None
    grammar: Path | None = None
    workers: int = WORKERS
    most_found: int = MOST_FOUND
    opening: Opening = field(default_factory=Opening)


def match_dumps(
    inputs: Iterable[tuple[str, Path]],
    watch: WatchList,
    options: DumpOptions | None = None,
    *,
    target: str | None = None,
    advance: Callable[[int], None] | None = None,
) -> Matched:
    """Which entries of a watch list are in some files.

    Args:
        inputs: label and path of every file.
        watch: what to look for.
        options: how to read.
        target: name of the whole; by default the first file's label.
        advance: told how many raw bytes were read since it was last called.

    Raises:
        NothingToRead: no input, or none with a record.
        LimitExceeded: more is under the watched domains or prefixes than can be kept.
        FloodmarkError: the only input cannot be read. Of several, one that cannot be read is named in `unread`.
    """
    files, options = list(inputs), options or DumpOptions()
    if not files:
        raise NothingToRead("No dump was named", "Name one file or more, or a folder.")
    search = _Search(watch, options)
    problems = search.problems
    for label, path in files:
        try:
            search.read(label, path, advance)
        except LimitExceeded:
            raise
        except FloodmarkError as error:
            if len(files) == 1:
                raise
            problems.append((label, error.slug))
            search.unexplained += max(_size(path) - search.last_bytes, 0)
            search.bytes += max(_size(path) - search.last_bytes, 0)
    if not search.records:
        raise NothingToRead("The files hold no record", "Look at what triage says of them.")
    return search.matched(target or files[0][0], tuple(problems))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


class _Search:
    """What was found so far."""

    def __init__(self, watch: WatchList, options: DumpOptions) -> None:
        self.watch, self.options = watch, options
        self.records = self.bytes = self.unexplained = self.last_bytes = 0
        self.synthetic = False
        self.problems: list[tuple[str, str]] = []
        self._searched: list[Searched] = []
        kinds: list[EntryKind] = [kind for kind in IDENTIFIERS if kind in watch.entries]
        self._rows = {kind: np.zeros(len(watch.entries[kind]), np.int64) for kind in kinds}
        self._fields = {kind: np.zeros(len(watch.entries[kind]), np.uint64) for kind in kinds}
        self._addresses = _Pile("identifier", ADDRESSES, options.most_found)
        self._numbers = _Pile("number", NUMBERS, options.most_found)

    def read(self, label: str, path: Path, advance: Callable[[int], None] | None) -> None:
        """Look through one file, member by member; a member that cannot be read is named, unless it is all."""
        self.last_bytes = 0
        options = self.options
        with closing(
            opened(path, grammar=options.grammar, opening=options.opening, label=label, advance=advance)
        ) as dumps:
            for dump in dumps:
                if dump.label == label:
                    self._read(dump)
                    continue
                try:
                    self._read(dump)
                except LimitExceeded:
                    raise
                except FloodmarkError as error:
                    self.problems.append((dump.label, error.slug))

    def _read(self, dump: Dump | Unopened) -> None:
        if isinstance(dump, Unopened):
            raise dump.problem
        self.synthetic |= dump.synthetic
        watch, region = self.watch, self.options.region
        cells: dict[str, dict[str, Cells]] = {}

        def look(batch: Batch, table: Table) -> tuple[str, BatchHits]:
            return batch.table, look_through(batch.frame, table.grammar, watch, region)

        try:
            with closing(dump.map(look, self.options.workers)) as found:
                for table, hits in found:
                    self._add(hits)
                    mine = cells.setdefault(table, {})
                    for kind, more in hits.cells.items():
                        mine[kind] = mine.get(kind, Cells()) + more
        finally:
            for name, one in dump.tables.items():
                searched = _searched(dump.label, one, self.watch)
                searched.cells.update(cells.get(name, {}))
                self._searched.append(searched)
            self._account(dump)

    def _account(self, dump: Dump) -> None:
        accounting = dump.accounting
        self.last_bytes += accounting.total_bytes
        self.records += accounting.records
        self.bytes += accounting.total_bytes
        self.unexplained += accounting.bytes["quarantined"]

    def _add(self, found: BatchHits) -> None:
        for kind, hits in found.hits.items():
            entries = hits["entry"].to_numpy()
            self._rows[kind][entries] += hits["rows"].to_numpy()
            self._fields[kind][entries] |= hits["fields"].to_numpy()
        if found.addresses is not None:
            self._addresses.add(found.addresses)
        if found.numbers is not None:
            self._numbers.add(found.numbers)

    def matched(self, target: str, problems: tuple[tuple[str, str], ...]) -> Matched:
        """The answer."""
        hits: dict[EntryKind, Hits] = {}
        for kind, rows in self._rows.items():
            entries = np.flatnonzero(rows)
            hits[kind] = Hits(entries, self._fields[kind][entries], rows[entries])
        addresses = self._addresses.settled()
        return Matched(
            target=target,
            mode="dump",
            synthetic=self.synthetic,
            watch=self.watch,
            hits=hits,
            addresses=addresses,
            numbers=self._numbers.settled(),
            domain_counts=_domain_counts(addresses["identifier"], self.watch),
            unread=Unread(self.bytes, self.unexplained, problems, tuple(self._searched), self.options.region),
        )


class _Pile:
    """Distinct identifiers with their field types and rows, united from time to time."""

    def __init__(self, by: str, schema: dict[str, Any], most: int) -> None:
        self._by, self._most = by, most
        self._united = pl.DataFrame(schema=schema)
        self._waiting: list[pl.DataFrame] = []
        self._height = 0

    def add(self, found: pl.DataFrame) -> None:
        """Take what a batch has."""
        if found.height:
            self._waiting.append(found)
            self._height += found.height
        if self._height > max(UNSETTLED, self._united.height):
            self._unite()

    def settled(self) -> pl.DataFrame:
        """Everything, in order of the identifiers."""
        self._unite()
        return self._united.sort(self._by)

    def _unite(self) -> None:
        if self._waiting:
            both = pl.concat([self._united, *self._waiting])
            sums = both.group_by(self._by).agg(pl.col("fields").bitwise_or(), pl.col("rows").sum())
            self._united, self._waiting, self._height = sums, [], 0
        if self._united.height > self._most:
            raise LimitExceeded(
                f"More than {self._most:,} identifiers are under the watched domains and prefixes",
                "Watch narrower ones; or save the dump and match the saved leak, which counts domains without a list.",
            )


def _searched(label: str, table: Table, watch: WatchList) -> Searched:
    types = [column.type for column in table.grammar.columns]
    kinds = [kind.identifier_kind for kind in types]
    wanted: dict[str, int] = {kind: kinds.count(kind) for kind in kinds_wanted(watch)}  # type: ignore[arg-type]
    return Searched(label, wanted, types.count(FieldType.UNKNOWN))


def _domain_counts(addresses: pl.Series, watch: WatchList) -> np.ndarray[Any, np.dtype[np.int64]]:
    if "domain" not in watch.entries:
        return np.zeros(0, np.int64)
    counts = np.zeros(len(watch.entries["domain"]), np.int64)
    per_domain = domain_of(addresses).alias("domain").value_counts(name="n")
    pairs = watched_above(per_domain["domain"], watch.entries["domain"]).join(per_domain, on="domain")
    np.add.at(counts, pairs["entry"].to_numpy(), pairs["n"].to_numpy().astype(np.int64))
    return counts
