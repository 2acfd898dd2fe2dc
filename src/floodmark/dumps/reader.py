"""Reading a dump: once through, in batches, with every byte accounted for.

`read` infers the grammar and gives a `Dump`. Its `batches` are frames of text cells as found, one String column per
column of the grammar; when they are exhausted, its `accounting` holds the fate of every line and byte.
docs/reference/library.md has an example.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, TypeVar

import polars as pl

from floodmark.dumps.accounting import Accounting, Span
from floodmark.dumps.chunks import CHUNK_SIZE, LINE_LIMIT, Chunk, cut, find_lines
from floodmark.dumps.containers import TextSource, Watcher, open_regular
from floodmark.dumps.delimited import split
from floodmark.dumps.fates import Batch
from floodmark.dumps.grammar_file import load_overrides
from floodmark.dumps.infer import infer
from floodmark.dumps.jsonl import split_json
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.quoted import split_quoted
from floodmark.dumps.sample import Sample, take_sample
from floodmark.dumps.typing_columns import Inferred
from floodmark.errors import FloodmarkError, UnreadableInput, UsageError

Result = TypeVar("Result")
BOM_SIZE = 3
BLANKS = 100


@dataclass(frozen=True)
class Piece:
    """Lines from the middle of a file.

    Attributes:
        start: offset of the first line.
        size: bytes of the lines.
        batch: their records.
        accounting: where their bytes went.
    """

    start: int
    size: int
    batch: Batch
    accounting: Accounting


def _count(accounting: Accounting, batch: Batch) -> None:
    accounting.accept(batch.accepted_lines, batch.accepted_bytes)
    for span in batch.spans:
        accounting.add(span)
    accounting.records += batch.frame.height


class Dump:
    """One file, ready to be read once.

    Attributes:
        path: the file.
        grammar: how it is read.
        accounting: where its bytes went so far; complete when the batches are exhausted.
        synthetic: whether it says of itself that it is synthetic.
        known: by column, cells that are known to fit its type (`misfit_count`).
        text_size: bytes of text read so far.
    """

    def __init__(self, path: Path, inferred: Inferred, synthetic: bool, chunk_size: int = CHUNK_SIZE) -> None:
        self.path = path
        self.grammar = inferred.grammar
        self.accounting = Accounting()
        self.synthetic = synthetic
        self.text_size = 0
        self.known = {i: cells for i, cells in inferred.strong.items() if cells is not None}
        self._plan = inferred.plan
        self._chunk_size = chunk_size
        self._keys = list(inferred.keys) or None

    def batches(self) -> Iterator[pl.DataFrame]:
        """Records in file order, in frames of text cells."""
        for batch in self.map(lambda batch: batch, workers=1):
            if batch.frame.height:
                yield batch.frame

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """The same as `batches`."""
        return self.batches()

    def map(
        self, function: Callable[[Batch], Result], workers: int = 2, watch: Watcher | None = None
    ) -> Generator[Result, None, None]:
        """`function` of every batch, computed by several threads, in file order.

        Args:
            function: called in a worker thread; may run for several batches at once.
            workers: threads.
            watch: told of every raw byte in order, for hashing and progress.

        Raises:
            InputChanged: the file changed meanwhile.
            UnreadableInput: its container is damaged.
        """
        self.accounting = Accounting()
        source = TextSource(self.path, watch)
        pool = ThreadPoolExecutor(workers, thread_name_prefix="floodmark-read")
        waiting: deque[Future[tuple[Batch, Result]]] = deque()

        def work(chunk: Chunk) -> tuple[Batch, Result]:
            batch = self._split(chunk)
            return batch, function(batch)

        try:
            for chunk in self._chunks(source):
                waiting.append(pool.submit(work, chunk))
                if len(waiting) > workers:
                    yield self._account(*waiting.popleft().result())
            while waiting:
                yield self._account(*waiting.popleft().result())
            source.finish()
            self.text_size = source.text_read
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            source.close()

    def pieces(self, offsets: Iterable[int], size: int) -> Iterator[Piece]:
        """The lines that begin in stretches of `size` bytes, for sampling; the file is not read through.

        Args:
            offsets: where the stretches begin, ascending.
            size: bytes of a stretch.

        Raises:
            UnreadableInput: the text is in a container, in which nobody can seek.
        """
        if self.grammar.container != "plain":
            raise UnreadableInput(
                f"{self.path.name} is compressed, so random pieces of it cannot be read",
                "Read all of it (--exact), or decompress it first.",
            )
        with open_regular(self.path) as file:
            self.accounting = Accounting()
            begins = self._skip_head(file.read(self._chunk_size))
            for offset in offsets:
                yield self._piece(file, offset, size, begins)

    def _piece(self, file: BinaryIO, offset: int, size: int, begins: int) -> Piece:
        end = b"\r" if self.grammar.newline == "cr" else b"\n"
        file.seek(max(offset - 1, 0))
        text = file.read(size + 1 + LINE_LIMIT)
        first = 0 if offset == 0 else text.find(end) + 1
        # The last line begins before the stretch ends, and is read to its own end.
        last = text.find(end, size if offset else size - 1) + 1 or len(text)
        start = max(offset - 1, 0) + first
        if not 0 <= first < last or (offset and not text.find(end) + 1):
            return Piece(offset, 0, self._split(Chunk(offset, b"")), Accounting())
        data = text[first:last]
        skipped = min(max(begins - start, 0), len(data))
        batch = self._split(Chunk(start + skipped, data[skipped:]))
        accounting = Accounting()
        _count(accounting, batch)
        return Piece(start, len(data), batch, accounting)

    def _account(self, batch: Batch, result: Result) -> Result:
        _count(self.accounting, batch)
        return result

    def _chunks(self, source: TextSource) -> Iterator[Chunk]:
        """The text after byte order mark, preamble and header, which are accounted for here."""
        head = source.read(self._chunk_size)
        to_skip = self.grammar.preamble + self.grammar.header
        # Blank lines may stand before the header; a line end may be cut in two by the end of what was read.
        while to_skip and len(find_lines(head, self.grammar.newline)) < to_skip + BLANKS:
            if not (more := source.read(self._chunk_size)):
                break
            head += more
        at = self._skip_head(head)
        rest = memoryview(head)[at:]

        def read(size: int) -> bytes:
            nonlocal rest
            if len(rest):
                data, rest = bytes(rest[:size]), rest[size:]
                return data if len(data) == size else data + source.read(size - len(data))
            return source.read(size)

        grammar = self.grammar
        yield from cut(read, at, grammar.newline, grammar.quote, self._chunk_size)

    def _skip_head(self, head: bytes) -> int:
        """Account for byte order mark, preamble and header; returns where the records begin."""
        at = BOM_SIZE if self.grammar.bom else 0
        if at:
            self.accounting.add(Span("skipped", "byte-order-mark", 0, at, lines=0))
        newline = self.grammar.newline
        if newline == "mixed":
            head = head.replace(b"\r\n", b"\0\n").replace(b"\r", b"\n").replace(b"\0\n", b"\r\n")
        lines = find_lines(head[at:], newline)
        for number in range(min(self.grammar.preamble, len(lines))):
            start, end = int(lines.starts[number]), int(lines.nexts[number])
            self.accounting.add(Span("skipped", "preamble", at + start, end - start))
        number = self.grammar.preamble
        if self.grammar.header:
            # Blank lines may stand between the preamble and the header.
            while number < len(lines) and lines.starts[number] == lines.ends[number]:
                start, end = int(lines.starts[number]), int(lines.nexts[number])
                self.accounting.add(Span("skipped", "blank", at + start, end - start))
                number += 1
            if number < len(lines):
                start, end = int(lines.starts[number]), int(lines.nexts[number])
                self.accounting.add(Span("skipped", "header", at + start, end - start))
                number += 1
        return at + (int(lines.nexts[number - 1]) if 0 < number <= len(lines) else 0)

    def _split(self, chunk: Chunk) -> Batch:
        grammar = self.grammar
        if chunk.oversize is not None:
            empty = pl.DataFrame(schema=dict.fromkeys(grammar.names, pl.String))
            return Batch(chunk.start, empty, 0, 0, (chunk.oversize,))
        if grammar.record == "jsonl":
            return split_json(chunk.data, chunk.start, grammar.newline, grammar.names, self._keys)
        if grammar.quote is not None:
            return split_quoted(chunk.data, chunk.start, grammar.newline, self._plan, grammar.quote)
        return split(chunk.data, chunk.start, grammar.newline, self._plan)


def read(path: str | Path, *, grammar: str | Path | None = None, **overrides: object) -> Dump:
    """Infer the grammar of a file and return it ready to be read.

    Args:
        path: a regular file; a symlink is followed.
        grammar: a grammar file (`grammar_file.to_toml`) whose parts replace what would be inferred.
        **overrides: fields of `Overrides`, which beat the grammar file: `delimiter`, `quote` ("" for none),
            `header`, `preamble`, `encoding`, `newline`, `record`, `columns` (names or labels of types).

    Raises:
        NothingToRead: the file does not exist or is empty.
        UnreadableInput: it cannot be opened, or is no regular file.
        UnknownContainer: it is not text.
        UnknownEncoding: its text is in an encoding that is not read.
        NoGrammar: nothing explains it.
        UsageError: an override that does not exist.
    """
    path = Path(path)
    stated, types = load_overrides(Path(grammar)) if grammar is not None else (Overrides(), {})
    if unknown := sorted(set(overrides) - set(Overrides.__dataclass_fields__)):
        raise UsageError(f"No such override: {', '.join(unknown)}", "See floodmark.dumps.Overrides.")
    chosen = {name: value for name, value in overrides.items() if value is not None}
    if "columns" in chosen:
        chosen["columns"] = tuple(chosen["columns"])  # type: ignore[arg-type]
    stated = replace(stated, **chosen)  # type: ignore[arg-type]
    sample = take_sample(path, stated.encoding)
    inferred = _named(path, sample, stated)
    if types and len(types) == len(inferred.grammar.columns):
        inferred = replace(inferred, grammar=inferred.grammar.with_types(types))
    return Dump(path, inferred, sample.synthetic)


def _named(path: Path, sample: Sample, stated: Overrides) -> Inferred:
    try:
        return infer(sample, stated)
    except FloodmarkError as error:
        if path.name not in error.message:
            error.message = f"{path.name}: {error.message}"
            error.args = (error.message,)
        raise
