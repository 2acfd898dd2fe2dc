"""Records written as blocks of `key: value` lines, such as LDIF, contact cards and the logs of stealers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from floodmark.dumps.chunks import CHUNK_SIZE, LINE_LIMIT, Chunk, cut
from floodmark.dumps.fates import Batch
from floodmark.dumps.grammar import Grammar, RecordKind
from floodmark.dumps.kinds.block_lines import Form, Looked, look
from floodmark.dumps.kinds.block_records import empty, split_blocks
from floodmark.dumps.kinds.kind import Likeness, Read
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import Sample
from floodmark.dumps.sample_lines import lines_of, newline_of
from floodmark.errors import NoGrammar

_MARKS = rb"(?:[-=_*#~+.<>|/\\]|\xe2[\x80-\x96][\x80-\xbf]){3,}"
_RULE_LINE = rb"[ \t]*+" + _MARKS + rb"(?:[^:=\n]{0,60}" + _MARKS + rb")?[ \t]*+\r?\n"
_BLANK_LINE = rb"[ \t]*+\r?\n"
MOSTLY = 0.7


@dataclass(frozen=True)
class BlockReader:
    """Reads a text of such blocks.

    Attributes:
        form: how they are written.
        newline: how lines end.
        chunk_size: bytes wanted in a chunk.
    """

    form: Form
    newline: str
    chunk_size: int = CHUNK_SIZE // 4  # what is known of each line takes several times its room

    def describe(self, grammar: Grammar) -> Grammar:
        """The grammar with what stands between key and value."""
        return replace(grammar, delimiter=self.form.delimiter)

    def chunks(self, read: Read, start: int) -> Iterator[Chunk]:
        """Whole records: lines up to the last place where one ends."""
        held, begun = b"", start
        for chunk in cut(read, start, self.newline, None, self.chunk_size):
            if chunk.oversize is not None:
                if held:
                    yield Chunk(begun, held)
                yield chunk
                held, begun = b"", chunk.start + chunk.oversize.size
                continue
            fresh = chunk.data.replace(b"\r", b"\n") if self.newline == "cr" else chunk.data
            data = held + fresh
            stop = self._stop(data)
            if stop:
                yield Chunk(begun, data[:stop])
                held, begun = data[stop:], begun + stop
            else:
                yield Chunk(begun, data)
                held, begun = b"", begun + len(data)
        if held:
            yield Chunk(begun, held)

    def _stop(self, data: bytes) -> int:
        """Where the last whole record ends; 0 where no record ends in the last MiB."""
        form = self.form
        parts = [_RULE_LINE] if form.parting != "first" else []
        if form.parting == "blank":
            parts.append(_BLANK_LINE)
        if form.first is not None:
            first, delimiter = re.escape(form.first.encode()), re.escape(form.delimiter.encode())
            parts.append(rb"(?=[ \t]*+" + first + rb"[ \t]*+" + delimiter + rb")")
        ends = re.compile(rb"\n(?:" + b"|".join(parts) + rb")", re.IGNORECASE)
        last = 0
        for reach in (1 << 14, LINE_LIMIT):
            for found in ends.finditer(data, max(0, len(data) - reach)):
                last = found.end()
            if last:
                return last
        return 0

    def split(self, chunk: Chunk) -> tuple[Batch, ...]:
        """Records of a chunk."""
        if chunk.oversize is not None:
            return (Batch(chunk.start, empty(self.form), 0, 0, (chunk.oversize,), named=True),)
        return (split_blocks(chunk.data, chunk.start, self.form),)


class Blocks:
    """Blocks of `key: value` lines."""

    name: RecordKind = "blocks"

    def likeness(self, sample: Sample, given: Overrides) -> Likeness:
        """By how many lines have a key that recurs, and how many records have each key once."""
        looked = _looked(sample, newline_of(sample.head))
        if looked is None:
            return Likeness(0.0, "few lines begin with a key that recurs")
        share = looked.lines / looked.all
        reason = f"{share:.0%} of the lines begin with one of {len(looked.form.keys)} keys"
        spaced = looked.spaced >= 0.9 * looked.all
        # Without anything between records, `name:date:address` would do, were `name` to recur.
        parted = looked.form.parting != "first" or (looked.whole > 0.95 and spaced)
        several = looked.lines >= 2 * looked.records
        # A few names of one record could as well be the users of a list of passwords.
        clear = looked.records > 1 or spaced
        if share < MOSTLY or looked.whole < MOSTLY or not (several and parted and clear):
            return Likeness(round(0.3 * share, 3), reason)
        return Likeness(round(0.98 * share * looked.whole, 3), reason)

    def reader(self, sample: Sample, newline: str, given: Overrides) -> BlockReader:
        """A reader for the text of this sample.

        Raises:
            NoGrammar: the sample has no lines with keys.
        """
        looked = _looked(sample, newline)
        if looked is None:
            raise NoGrammar("Few lines begin with a key that recurs")
        return BlockReader(looked.form, newline)


def _looked(sample: Sample, newline: str) -> Looked | None:
    return look(lines_of(sample.head, newline))
