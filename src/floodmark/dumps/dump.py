"""One text, or one workbook, ready to be read once through, in batches, with every byte accounted for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import polars as pl

from floodmark.dumps.accounting import Accounting
from floodmark.dumps.containers import Source, Watcher
from floodmark.dumps.fates import Batch
from floodmark.dumps.grammar import Grammar
from floodmark.dumps.infer import Inference, table_of
from floodmark.dumps.parts import Part, parts
from floodmark.dumps.sample import Sample
from floodmark.dumps.table import Table, count
from floodmark.errors import FloodmarkError, LimitExceeded

Result = TypeVar("Result")
Work = Callable[[Batch, Table], Result]
MAX_TABLES = 1000


class Dump:
    """One text or workbook, ready to be read.

    Args:
        label: what reports call it.
        inference: what its sample showed.
        sample: the sample.
        source: opens the text; as often as the dump may be read.
        path: the file, where the text is all of it, so that pieces of it can be read.

    Attributes:
        tables: its tables, by name as its reader calls them; those of which the sample has no record come once
            they are met.
        outside: where bytes went that belong to no table.
        inference: what its sample showed.
        synthetic: whether it says of itself that it is synthetic.
        text_size: bytes of text read so far.
    """

    def __init__(
        self,
        label: str,
        inference: Inference,
        sample: Sample,
        source: Callable[[], AbstractContextManager[Source]],
        path: Path | None = None,
    ) -> None:
        self.label = label
        self.path = path
        self.inference = inference
        self.sample = sample
        self.synthetic = sample.synthetic
        self.text_size = 0
        self._source = source
        self._begin()

    def _begin(self) -> None:
        self.tables = {name: Table.of(found) for name, found in self.inference.tables.items()}
        self.outside = Accounting()

    @property
    def first(self) -> Table:
        """The first table."""
        return next(iter(self.tables.values()))

    @property
    def grammar(self) -> Grammar:
        """Grammar of the first table."""
        return self.first.grammar

    @property
    def accounting(self) -> Accounting:
        """Where the bytes of the whole text went so far; complete when the batches are exhausted."""
        whole = Accounting()
        for part in (self.outside, *(table.accounting for table in self.tables.values())):
            whole.merge(part)
        return whole

    def batches(self) -> Iterator[pl.DataFrame]:
        """Records in file order, in frames of text cells."""
        for frame in self.map(lambda batch, table: batch.frame, workers=1):
            if frame.height:
                yield frame

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """The same as `batches`."""
        return self.batches()

    def map(
        self, function: Work[Result], workers: int = 2, watch: Watcher | None = None
    ) -> Generator[Result, None, None]:
        """`function` of every batch and its table, computed by several threads, in file order.

        What was under way when reading fails, or when the caller has enough, is counted too.

        Args:
            function: called in a worker thread; may run for several batches at once.
            workers: threads.
            watch: told of every byte of a text as found, in order; of a workbook, of none.

        Raises:
            InputChanged: the file changed meanwhile.
            UnreadableInput: its container is damaged.
            LimitExceeded: more tables than any dump of people has.
        """
        for _, result in self._each(function, workers, watch):
            if result is not None:
                yield result[0]

    def accounted(self, workers: int = 2) -> Generator[Batch, None, None]:
        """Every batch in file order, with its spans in bytes of the text as found.

        Raises:
            FloodmarkError: as for `map`.
        """
        for batch, _ in self._each(lambda batch, table: None, workers, None):
            yield batch

    def _each(
        self, function: Work[Result], workers: int, watch: Watcher | None
    ) -> Generator[tuple[Batch, tuple[Result] | None], None, None]:
        self._begin()

        def work(batches: tuple[Batch, ...] | None, part: Part) -> list[tuple[Batch, tuple[Result] | None]]:
            found = part.split() if batches is None else batches
            return [self._seen(batch, function) for batch in found]

        with self._source() as source:
            pool = ThreadPoolExecutor(workers, thread_name_prefix="floodmark-read")
            waiting: deque[tuple[Part, Future[list[tuple[Batch, tuple[Result] | None]]]]] = deque()
            try:
                found = parts(source, self.inference.reader, self.sample.encoding, watch)
                failure: FloodmarkError | None = None
                while True:
                    try:
                        if (part := next(found, None)) is None:
                            break
                        met = self._met(part)
                    except FloodmarkError as error:
                        failure = error
                        break
                    waiting.append((part, pool.submit(work, met, part)))
                    if len(waiting) > workers:
                        yield from self._settled(*waiting.popleft())
                while waiting:
                    yield from self._settled(*waiting.popleft())
                self.text_size = source.text_read
                if failure is not None:
                    raise failure
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
                for part, future in waiting:
                    if future.done() and not future.cancelled() and future.exception() is None:
                        list(self._settled(part, future))

    def _met(self, part: Part) -> tuple[Batch, ...] | None:
        """The part's batches where it has the first records of a table, which is then set up by them."""
        if all(name in self.tables for name in part.tables):
            return None
        batches = part.split()
        for batch in batches:
            if batch.table in self.tables or not batch.frame.height:
                continue
            if len(self.tables) >= MAX_TABLES:
                raise LimitExceeded(
                    f"{self.label} has more than {MAX_TABLES:,} tables",
                    "No dump of people has so many; what was read so far counts.",
                )
            base = replace(self.grammar, columns=(), header=False)
            self.tables[batch.table] = Table.of(table_of([batch], base, batch.table, self.inference.stated))
        return batches

    def _seen(self, batch: Batch, function: Work[Result]) -> tuple[Batch, tuple[Result] | None]:
        table = self.tables.get(batch.table)
        if table is None:  # nothing but what stands between tables
            return batch, None
        frame = batch.frame
        if frame.columns != table.grammar.names:
            frame = frame.rename(dict(zip(frame.columns, table.grammar.names, strict=True)))
            batch = replace(batch, frame=frame)
        return batch, (function(batch, table),)

    def _settled(
        self, part: Part, future: Future[list[tuple[Batch, tuple[Result] | None]]]
    ) -> Iterator[tuple[Batch, tuple[Result] | None]]:
        done = future.result()
        found = part.settle(tuple(batch for batch, _ in done))
        for batch, (_, result) in zip(found, done, strict=True):
            table = self.tables.get(batch.table)
            count(self.outside if table is None else table.accounting, batch)
            yield batch, result
