"""Reading a file once through: the same records at any chunk size, and every byte accounted for."""

from __future__ import annotations

import gzip
import hashlib
import os
import random
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard

from floodmark.dumps import Accounting, Batch, Dump, Table, opened, pieces, read
from floodmark.dumps.chunks import LINE_LIMIT
from floodmark.dumps.line_reader import LineReader
from floodmark.dumps.sample import SYNTHETIC_MARK
from floodmark.errors import InputChanged, NoGrammar, NothingToRead, UnreadableInput, UsageError

Rows = list[tuple[str, ...]]
COLON: dict[str, Any] = {
    "delimiter": ":",
    "header": False,
    "preamble": 0,
    "columns": ("phone", "full_name", "email"),
}


def line(number: int) -> str:
    return f"1202555{number:04d}:Ada Quint:n{number}@b.example"


def written(folder: Path, raw: bytes | str, name: str = "dump.txt") -> Path:
    path = folder / name
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return path


def rows_of(dump: Dump) -> Rows:
    return [row for frame in dump.batches() for row in frame.rows()]


def whole(path: Path, **overrides: Any) -> tuple[Rows, Accounting]:
    """All records and the accounting, after a look that the bytes add up."""
    dump = read(path, **overrides)
    rows = rows_of(dump)
    assert dump.accounting.records == len(rows)
    assert dump.accounting.total_bytes == dump.text_size
    return rows, dump.accounting


def in_chunks(path: Path, size: int, **overrides: Any) -> tuple[Rows, Accounting]:
    dump = chunked(path, size, **overrides)
    return rows_of(dump), dump.accounting


def chunked(path: Path, size: int, **overrides: Any) -> Dump:
    """A dump that is read in chunks of another size."""
    dump = read(path, **overrides)
    dump.inference = replace(dump.inference, reader=LineReader(dump.inference.first, size))
    return dump


# --- any chunk size

MIXED = "".join(line(n) + ("\n", "\r\n", "\r")[n % 3] for n in range(30))
DAMAGED = "\n".join(
    [line(1), "", "  ", line(2), "12025550103", "x\0:y:z", line(4).replace("Ada", "A:da"), line(5)] * 4
)
NOTES = "# a note of thirty characters \r\n# another of these, no more\r\nphone:name:mail\r\n"
TITLE = "a title of fifty characters over a table of people\n\n\n\nphone:name:mail\n"
QUOTED = "id,name,mail\n" + "".join(f'{n},"Ada\n""B"", {n}",n{n}@b.example\n' for n in range(20))


@pytest.mark.parametrize(
    ("text", "overrides"),
    [
        ("\n".join(map(line, range(20))), COLON),
        ("\r\n".join(map(line, range(20))) + "\r\n", COLON),
        ("\r".join(map(line, range(20))) + "\r", COLON),
        (MIXED, COLON),
        (DAMAGED, COLON),
        (QUOTED, {"delimiter": ",", "header": True, "quote": '"'}),
        ("\ufeffphone:name:mail\n" + "\n".join(map(line, range(20))), COLON | {"header": True}),
        (NOTES + "\r\n".join(map(line, range(9))), COLON | {"header": True, "preamble": 2}),
        (TITLE + "\n".join(map(line, range(9))), COLON | {"header": True, "preamble": 1}),
        ("".join(f'{{"id": {n}, "at": {{"town": "Leeds"}}}}\n' for n in range(20)), {}),
    ],
    ids=["lf", "crlf", "cr", "mixed", "damaged", "quoted", "mark and header", "preamble", "blank", "jsonl"],
)
def test_records_and_accounting_do_not_depend_on_the_chunk_size(
    tmp_path: Path, text: str, overrides: dict[str, Any]
) -> None:
    path = written(tmp_path, text)
    rows, accounting = in_chunks(path, 1 << 20, **overrides)
    assert rows
    assert accounting.total_bytes == len(text.encode())
    for size in (64, 97, 200):
        found, parts = in_chunks(path, size, **overrides)
        assert found == rows
        assert (parts.lines, parts.bytes) == (accounting.lines, accounting.bytes)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
@pytest.mark.parametrize("workers", [1, 2, 5])
def test_records_come_in_file_order_from_any_container_and_any_number_of_workers(
    tmp_path: Path, pack: Callable[[bytes], bytes], workers: int
) -> None:
    lines = [line(n) for n in range(3000)]
    path = written(tmp_path, pack("\n".join(lines).encode()))
    dump = chunked(path, 4000, **COLON)
    phones = [
        p for part in dump.map(lambda batch, table: batch.frame["phone"].to_list(), workers) for p in part
    ]
    assert phones == [text.split(":")[0] for text in lines]
    assert dump.accounting.lines["accepted"] == 3000


# --- where every byte goes


def test_mark_preamble_header_and_blank_lines_are_skipped_by_name(tmp_path: Path) -> None:
    text = "\ufeff# note\n\nphone:name:mail\n" + line(1) + "\n\n" + line(2) + "\n"
    rows, accounting = whole(written(tmp_path, text), delimiter=":", header=True, preamble=1)
    assert len(rows) == 2
    skipped = {reason: (tally.lines, tally.bytes) for reason, tally in accounting.reasons["skipped"].items()}
    assert skipped == {"byte-order-mark": (0, 3), "preamble": (1, 7), "header": (1, 16), "blank": (2, 2)}


def test_offsets_of_quarantined_lines_point_into_the_text(tmp_path: Path) -> None:
    lines = [line(n) for n in range(40)]
    lines[7] = lines[30] = "12025550100:lost"
    text = "\n".join(lines) + "\n"
    _, accounting = whole(written(tmp_path, text), **COLON)
    offsets = accounting.of("quarantined", "too-few-cells").offsets
    assert [text[at:].split("\n", 1)[0] for at in offsets] == ["12025550100:lost"] * 2


def test_a_line_too_long_to_hold_is_counted_and_the_lines_around_it_are_read(tmp_path: Path) -> None:
    huge = "x" * (LINE_LIMIT + 10)
    text = "\n".join([line(1), line(2), huge, line(3)])
    rows, accounting = whole(written(tmp_path, text), **COLON)
    assert [row[0] for row in rows] == ["12025550001", "12025550002", "12025550003"]
    assert accounting.of("quarantined", "line-too-long").bytes == len(huge) + 1


def test_reading_twice_counts_once(tmp_path: Path) -> None:
    dump = read(written(tmp_path, "\n".join(map(line, range(9)))))
    assert rows_of(dump) == rows_of(dump)
    assert dump.accounting.records == 9


def test_iterating_a_dump_gives_its_batches(tmp_path: Path) -> None:
    dump = read(written(tmp_path, "\n".join(map(line, range(9)))))
    assert [frame.rows() for frame in dump] == [frame.rows() for frame in dump.batches()]


def test_batches_are_text_columns_named_as_in_the_grammar(tmp_path: Path) -> None:
    dump = read(written(tmp_path, "\n".join(map(line, range(9)))))
    for frame in dump:
        assert frame.schema == dict.fromkeys(dump.grammar.names, pl.String)


# --- times


def times_table(truncated: int | None = None) -> list[str]:
    dates = [f"{n % 12 + 1}/{n % 27 + 1}/20{n % 9 + 10}" for n in range(60)]
    times = [f"{n % 12 + 1}:{n * 7 % 60:02d}:{n * 11 % 60:02d} PM" for n in range(60)]
    lines = [f"Ada Q{n % 7}:{dates[n]} {times[n]}:n{n}@b.example" for n in range(60)]
    if truncated is not None:
        lines[truncated] = lines[truncated].rsplit(":", 1)[0]
    return lines


def test_a_line_that_lost_its_last_cell_does_not_load_half_a_time_in_its_place(tmp_path: Path) -> None:
    rows, accounting = whole(written(tmp_path, "\n".join(times_table(30)) + "\n"))
    assert len(rows) == 59
    assert accounting.lines["quarantined"] == 1
    assert all("@" in row[2] for row in rows)


def test_times_in_columns_stated_to_be_text_come_back_whole(tmp_path: Path) -> None:
    lines = [f"x{n}:5/8/2018 12:00:00 AM:b" for n in range(9)]
    rows, _ = whole(written(tmp_path, "\n".join(lines)), delimiter=":", columns=["free_text"] * 3)
    assert rows == [(f"x{n}", "5/8/2018 12:00:00 AM", "b") for n in range(9)]


# --- quotes and keys end to end


def test_an_inch_mark_in_a_quoted_file_is_text(tmp_path: Path) -> None:
    lines = ["id,name,mail", *[f'{n},"Ada, B",n{n}@b.example' for n in range(30)]]
    lines += ['77,5" pipe,z@b.example', "78,x,y@b.example"]
    rows, accounting = whole(written(tmp_path, "\n".join(lines) + "\n"))
    assert rows[-2:] == [("77", '5" pipe', "z@b.example"), ("78", "x", "y@b.example")]
    assert accounting.lines["accepted"] == 32


def test_header_names_of_a_longer_delimiter_lose_their_quotes(tmp_path: Path) -> None:
    lines = ['"mail"||"name"', *[f'"n{n}@b.example"||"Ada||B"' for n in range(9)]]
    dump = read(written(tmp_path, "\n".join(lines)))
    assert dump.grammar.names == ["mail", "name"]
    assert rows_of(dump)[0] == ("n0@b.example", "Ada||B")


@pytest.mark.parametrize("key", ["field12345", " id", "k" * 100, "a@b", "tab\tkey", "\ud800"])
def test_a_json_key_that_cannot_be_a_column_name_still_gives_its_cells(tmp_path: Path, key: str) -> None:
    quoted = "\\ud800" if key == "\ud800" else key.replace("\t", "\\t")
    path = written(tmp_path, "".join(f'{{"{quoted}": "v{n}", "mail": "n{n}@b.example"}}\n' for n in range(9)))
    rows, accounting = whole(path)
    assert [row[0] for row in rows] == [f"v{n}" for n in range(9)]
    assert accounting.lines["accepted"] == 9


# --- watching and change


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_the_watcher_hashes_the_raw_file(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    raw = pack("\n".join(map(line, range(99))).encode())
    digest = hashlib.sha256()
    for dump in opened(written(tmp_path, raw), watch=digest.update):
        assert isinstance(dump, Dump)
        assert rows_of(dump)
    assert digest.hexdigest() == hashlib.sha256(raw).hexdigest()


def test_a_file_that_changes_while_it_is_read_is_an_error_at_the_end(tmp_path: Path) -> None:
    path = written(tmp_path, "\n".join(map(line, range(99))))
    dump = chunked(path, 500, **COLON)
    batches = dump.batches()
    next(batches)
    os.utime(path, ns=(1, 1))
    with pytest.raises(InputChanged):
        list(batches)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_truncated_container_never_reads_as_a_shorter_file(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    chance = random.Random(1)
    text = "\n".join(line(chance.randrange(10**4)) for _ in range(20_000))
    raw = pack(text.encode())
    with pytest.raises(UnreadableInput):
        whole(written(tmp_path, raw[:-20]), **COLON)


def test_an_error_in_a_worker_reaches_the_caller_and_reading_can_stop_early(tmp_path: Path) -> None:
    dump = read(written(tmp_path, "\n".join(map(line, range(99)))))

    def fail(batch: Batch, table: Table) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(dump.map(fail))
    stopped = dump.batches()
    assert isinstance(stopped, Generator)
    next(stopped)
    stopped.close()


# --- pieces


@pytest.mark.parametrize("size", [40, 100, 333])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_pieces_laid_side_by_side_are_the_whole_file(tmp_path: Path, size: int, end: str) -> None:
    text = "phone:name:mail" + end + "".join(line(n) + end for n in range(50))
    path = written(tmp_path, text)
    dump = read(path, **COLON | {"header": True})
    rows = rows_of(dump)
    found: Rows = []
    total = 0
    for piece in pieces(dump, range(0, len(text), size), size):
        found.extend(piece.batch.frame.rows())
        total += piece.size
    assert found == rows
    assert total == len(text)


def test_a_piece_counts_the_lines_that_begin_in_it(tmp_path: Path) -> None:
    lines = [line(n) for n in range(50)]
    dump = read(written(tmp_path, "\n".join(lines) + "\n"), **COLON)
    width = len(lines[20]) + 1
    offset = len("\n".join(lines[:20])) + 1
    (piece,) = pieces(dump, [offset - 3], width)
    assert (piece.start, piece.size) == (offset, width)
    assert piece.accounting.lines["accepted"] == 1
    assert piece.batch.frame["phone"].to_list() == [lines[20].split(":")[0]]


def test_nobody_can_take_pieces_of_a_compressed_file(tmp_path: Path) -> None:
    dump = read(written(tmp_path, gzip.compress("\n".join(map(line, range(9))).encode())))
    with pytest.raises(UnreadableInput, match="compressed"):
        next(pieces(dump, [0], 100))


# --- asking


def test_a_file_that_says_it_is_synthetic_is_known_as_such(tmp_path: Path) -> None:
    text = "\n".join(map(line, range(9)))
    assert read(written(tmp_path, SYNTHETIC_MARK.decode() + "twin\n" + text)).synthetic
    assert not read(written(tmp_path, text)).synthetic


def test_overrides_beat_the_grammar_file(tmp_path: Path) -> None:
    grammar = written(tmp_path, 'delimiter = ","\nheader = true\n', "grammar.toml")
    dump = read(written(tmp_path, "a:b\nc:d\n"), grammar=grammar, delimiter=":")
    assert (dump.grammar.delimiter, dump.grammar.header) == (":", True)


def test_an_override_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="colour"):
        read(written(tmp_path, "a:b\n"), colour="red")


def test_errors_name_the_file_once(tmp_path: Path) -> None:
    with pytest.raises(NothingToRead) as missing:
        read(tmp_path / "missing.txt")
    with pytest.raises((NothingToRead, NoGrammar)) as blank:
        read(written(tmp_path, "\n\n\n", "blank.txt"))
    assert missing.value.message.count("missing.txt") == 1
    assert blank.value.message.count("blank.txt") == 1
