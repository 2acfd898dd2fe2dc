"""Properties of the reader: what is written comes back, every byte has one fate, damage stays where it is."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from floodmark import dumps
from floodmark.dumps.accounting import Accounting
from floodmark.errors import FloodmarkError, UnknownEncoding

COLUMNS = "phone profile_id first_name last_name gender location hometown relationship employer"
TYPES = [*COLUMNS.split(), "registered_at", "email", "birth_date"]
GRAMMAR = {"delimiter": ":", "header": False, "columns": TYPES, "preamble": 0, "encoding": "utf-8"}
SINGLE = [",", ";", "|", "\t", ":", "~", "^"]
UNLINED = {"json", "sql", "xml"}  # records that need not end where lines do, each of which counts as a line
MULTIPLE = ["|||", ":::", ", ", " ; ", "::", "<>", "##"]


@dataclass(frozen=True)
class Reading:
    """What came out: rows with null as empty text, the accounting, and how the reader ended a line."""

    rows: list[tuple[str, ...]]
    accounting: Accounting


def read(text: bytes, **overrides: Any) -> Reading:
    """Read `text` from a file of its own and assert what holds of every file that reads at all."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dump.txt"
        path.write_bytes(text)
        dump = dumps.read(path, **overrides)
        frames = list(dump.batches())
    assert all(frame.columns == dump.grammar.names for frame in frames)
    accounting = dump.accounting
    assert accounting.records == sum(frame.height for frame in frames)
    assert accounting.total_bytes == len(text)
    lines = accounting.lines
    if dump.grammar.record in UNLINED:
        assert lines["accepted"] <= accounting.records <= lines["accepted"] + lines["repaired"]
    else:
        assert accounting.total_lines in lines_of(text)
    for fate, tallies in accounting.reasons.items():
        assert sum(tally.lines for tally in tallies.values()) == accounting.lines[fate]
        assert sum(tally.bytes for tally in tallies.values()) == accounting.bytes[fate]
        assert all(0 <= offset < len(text) for tally in tallies.values() for offset in tally.offsets)
    return Reading(
        [tuple(cell or "" for cell in row) for frame in frames for row in frame.iter_rows()], accounting
    )


def lines_of(text: bytes) -> set[int]:
    """Lines when LF alone, CR alone, or LF, CRLF and CR all end a line; a last line may lack its end."""
    universal = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    counts = set()
    for ended, end in ((text, b"\n"), (text, b"\r"), (universal, b"\n")):
        counts.add(ended.count(end) + (not ended.endswith(end)))
    return counts


# --- tables written and read back

CONTROLS = [chr(point) for point in (*range(32), *range(127, 160))]


def cells(without: str) -> st.SearchStrategy[str]:
    """Cells of any characters but controls, surrogates, line separators and those of `without`."""
    return st.text(
        st.characters(
            exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters=[*CONTROLS, "\ufeff", *without]
        ),
        max_size=12,
    )


@st.composite
def tables(draw: st.DrawFn, without: str) -> list[list[str]]:
    """Rows of equal width whose first cell is never blank, so that no row is a blank line."""
    width = draw(st.integers(2, 6))
    first = cells(without).map(lambda cell: f"a{cell}")
    rows = st.lists(st.tuples(first, *[cells(without)] * (width - 1)).map(list), min_size=1, max_size=10)
    return draw(rows)


@st.composite
def plain_tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    delimiter = draw(st.sampled_from(SINGLE + MULTIPLE))
    return delimiter, draw(tables(without=delimiter + '"'))


@given(plain_tables(), st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=40)
@example((":", [["a12", "30", "59"]]), "\n", True)
@example((":", [["ahttp", "//example.com", "80", "/x"]]), "\n", True)
@example((":", [["a", "2001", "db8", "", "1"]]), "\n", False)
@example((", ", [["a,", "b,"], ["a", ""]]), "\n", True)
def test_a_table_without_quotes_comes_back_cell_for_cell(
    written: tuple[str, list[list[str]]], end: str, last_end: bool
) -> None:
    delimiter, rows = written
    text = end.join(delimiter.join(row) for row in rows) + (end if last_end else "")
    types = ["free_text"] * len(rows[0])
    found = read(text.encode(), delimiter=delimiter, header=False, columns=types, preamble=0)
    assert found.rows == [tuple(row) for row in rows]
    assert found.accounting.lines == {"accepted": len(rows), "repaired": 0, "quarantined": 0, "skipped": 0}


def as_csv(rows: list[list[str]], delimiter: str, end: str, quoting: Any) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return text.getvalue().encode()


@given(
    st.sampled_from(SINGLE),
    tables(without=""),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
@settings(max_examples=40)
@example(",", [["a", '"'], ["a", '","'], ["a", "\n"[:0]]], "\n", csv.QUOTE_MINIMAL)
@example(":", [["a", "b:c", '""']], "\n", csv.QUOTE_ALL)
def test_a_table_quoted_by_the_csv_module_comes_back_cell_for_cell(
    delimiter: str, rows: list[list[str]], end: str, quoting: int
) -> None:
    text = as_csv(rows, delimiter, end, quoting)
    types = ["free_text"] * len(rows[0])
    found = read(text, delimiter=delimiter, header=False, columns=types, quote='"', preamble=0)
    assert found.rows == [tuple(row) for row in rows]
    assert found.accounting.lines["accepted"] == len(rows)


@given(st.lists(st.tuples(st.text('xy,"', max_size=6), st.text("z\n,", max_size=6)), min_size=3, max_size=12))
@settings(max_examples=30)
def test_line_breaks_inside_quotes_stay_in_their_cell(pairs: list[tuple[str, str]]) -> None:
    rows = [[f"a{number}", *pair, "end"] for number, pair in enumerate(pairs)]
    text = as_csv(rows, ",", "\n", csv.QUOTE_ALL)
    found = read(text, delimiter=",", header=False, columns=["free_text"] * 4, quote='"', preamble=0)
    assert found.rows == [tuple(row) for row in rows]
    assert found.accounting.total_lines == text.count(b"\n")


@given(plain_tables())
@settings(max_examples=20)
def test_with_a_header_given_the_first_line_gives_the_names_and_is_skipped(
    written: tuple[str, list[list[str]]],
) -> None:
    delimiter, rows = written
    names = [f"name{number}" for number in range(len(rows[0]))]
    text = "".join(delimiter.join(row) + "\n" for row in [names, *rows])
    found = read(
        text.encode(), delimiter=delimiter, header=True, preamble=0, columns=["free_text"] * len(names)
    )
    assert found.rows == [tuple(row) for row in rows]
    assert found.accounting.lines["skipped"] == 1


# --- any bytes at all

FRAGMENTS = [
    *b'\r \x00 \xff \xc3 \xed\xa0\x80 \xef\xbb\xbf : , ; | ||| ::: \' " "" { } [ ] \\ -- # null'.split(b" "),
    *b'{"a":1} {"a":{"b":[1]}} 12025550100 100000512309871 n@example.com male phone email'.split(b" "),
    *b"http://example.com:80/ 2001:db8::1 =cmd \x1f\x8b\x08 \x28\xb5\x2f\xfd PK\x03\x04 \x1b[31m".split(b" "),
    *[b"\n", b"\r\n", b" ", b"5/8/2018 12:00:00 AM"],
]
MIXTURES = st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=4), max_size=60).map(b"".join)


@given(st.binary(max_size=400) | MIXTURES)
@settings(max_examples=60)
@example(b"")
@example(b"\n")
@example(b"\xef\xbb\xbf")
@example(b'"')
@example(b'{"a":"\\ud800"}\n{"a":1}\n')
@example(b'{"a":1} {"a":1}')
@example(b'{"":}0')
@example(b"\xff\xfe")
@example(b"\xff\xfea\x00\n\x00")
def test_any_bytes_end_in_an_expected_error_or_in_exact_accounting(text: bytes) -> None:
    try:
        read(text)
    except FloodmarkError as error:
        assert error.message
        assert error.hint


@given(MIXTURES, st.sampled_from([":", ",", "|||"]), st.sampled_from([None, True, False]))
@settings(max_examples=60)
def test_any_bytes_under_a_given_grammar_end_in_an_expected_error_or_in_exact_accounting(
    text: bytes, delimiter: str, header: bool | None
) -> None:
    overrides = {"delimiter": delimiter} | ({} if header is None else {"header": header})
    try:
        read(text, **overrides, columns=["phone", "email", "unknown"])
    except FloodmarkError as error:
        assert error.message
        assert error.hint


@given(MIXTURES)
@settings(max_examples=40)
def test_any_bytes_read_as_json_lines_end_in_an_expected_error_or_in_exact_accounting(text: bytes) -> None:
    try:
        read(text, record="jsonl")
    except FloodmarkError as error:
        assert error.message
        assert error.hint


# --- damage

FIRST = ["Ada", "Ben", "Cleo", "Dov", "Esme", "Falk", "Gus"]
TOWNS = ["Fresno, California", "Leeds", "", "Ripon, North Yorkshire", "Berlin"]
STATES = ["Married", "Single", "", "Divorced"]
WORK = ["Lakeside Bakery", "", "Self-Employed", "Garage du Port", "Harbor Light Coffee"]
DATES = ["5/8/2018 12:00:00 AM", "1/1/0001 12:00:00 AM", "11/23/2017 12:00:00 AM"]


def record(number: int) -> tuple[str, ...]:
    """A well-formed record of the 12-column family, another one for each number."""
    return (
        f"1202555{100 + number:04d}",
        f"{100000412000000 + 7919 * number}",
        FIRST[number % 7],
        f"Quint{chr(97 + number % 26)}",
        "female" if number % 2 else "male",
        TOWNS[number % 5],
        TOWNS[(number * 3 + 1) % 5],
        STATES[number % 4],
        WORK[number * 2 % 5],
        DATES[number % 3],
        f"n{number}@example.com" if number % 3 else "",
        f"0{number % 9 + 1}/1{number % 9}/19{70 + number % 29}" if number % 4 else "",
    )


def is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


RECORDS = [record(number) for number in range(60)]
LINES = [":".join(each).encode() for each in RECORDS]


@st.composite
def damages(draw: st.DrawFn) -> dict[int, bytes]:
    """Lines by number with some bytes replaced, inserted or taken out; never a line end."""
    damaged = {}
    loud = st.sampled_from(
        [b":", b'"', b"::", b"\x00", b"\xff", b"\xc3", b",", b"|", b"'", b" ", b"12:30", b": ", b"{"]
    )
    quiet = st.binary(min_size=1, max_size=3).filter(lambda noise: not set(noise) & set(b"\r\n"))
    for number in draw(st.sets(st.integers(0, len(LINES) - 1), min_size=1, max_size=6)):
        line = LINES[number]
        for _ in range(draw(st.integers(1, 3))):
            start = draw(st.integers(0, len(line)))
            taken = draw(st.integers(0, 4))
            line = line[:start] + draw(loud | quiet | st.just(b"")) + line[start + taken :]
        damaged[number] = line
    return damaged


@given(damages())
@settings(max_examples=20)
@example({3: b'"' + LINES[3]})
@example({3: LINES[3].replace(b":", b':"', 1), 20: LINES[20].replace(b":", b'":', 2)})
@example({0: LINES[0].replace(b":", b"", 1)})
@example({59: LINES[59][:20]})
@example({10: LINES[10] + b":"})
@example({10: b":" + LINES[10]})
def test_damage_in_some_lines_changes_no_cell_of_the_others(damaged: dict[int, bytes]) -> None:
    lines = [damaged.get(number, line) for number, line in enumerate(LINES)]
    found = read(b"\n".join(lines) + b"\n", **GRAMMAR)
    counts = found.accounting.lines
    assert sum(counts.values()) == len(lines)
    assert found.accounting.records == counts["accepted"] + counts["repaired"]
    remaining = iter(found.rows)
    lost = [
        number
        for number, row in enumerate(RECORDS)
        if lines[number] == LINES[number] and row not in remaining
    ]
    assert lost == []


@given(damages())
@settings(max_examples=15)
def test_damage_in_some_lines_does_not_mislead_inference(damaged: dict[int, bytes]) -> None:
    lines = [damaged.get(number, line) for number, line in enumerate(LINES)]
    try:
        found = read(b"\n".join(lines) + b"\n")
    except UnknownEncoding:
        # Some lines that are no UTF-8 may also mean a file in another encoding, which is named and not read.
        assert not all(is_utf8(line) for line in lines)
        return
    remaining = iter(found.rows)
    lost = [
        number
        for number, row in enumerate(RECORDS)
        if lines[number] == LINES[number] and row not in remaining
    ]
    assert lost == []


# --- stray delimiters: a line loads right or not at all


Loaded = Callable[[Iterable[str]], list[tuple[str, ...]]]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The records of any lines, read as lines of the table of which `LINES` are the sample."""
    path = tmp_path_factory.mktemp("lines") / "dump.txt"
    path.write_bytes(b"\n".join(LINES) + b"\n")
    reader = dumps.read(path, **GRAMMAR).inference.reader

    def records(lines: Iterable[str]) -> list[tuple[str, ...]]:
        chunks = reader.chunks(io.BytesIO("".join(line + "\n" for line in lines).encode()).read, 0)
        return [row for chunk in chunks for batch in reader.split(chunk) for row in batch.frame.rows()]

    return records


def with_a_stray_delimiter(number: int) -> Iterator[tuple[int, list[str]]]:
    """A record with a delimiter put into each place of each of its cells."""
    for column, cell in enumerate(RECORDS[number]):
        for place in range(len(cell) + 1):
            broken = f"{cell[:place]}:{cell[place:]}"
            yield column, [*RECORDS[number][:column], broken, *RECORDS[number][column + 1 :]]


def test_a_stray_delimiter_is_put_back_into_its_own_cell_or_the_line_is_quarantined(loaded: Loaded) -> None:
    right: dict[str, set[tuple[str, ...]]] = {}
    for number in range(len(RECORDS)):
        for column, cells in with_a_stray_delimiter(number):
            ways = right.setdefault(":".join(cells), set())
            ways.add(tuple(cells))
            # Between two cells nobody can tell whose the stray delimiter is: either neighbour may keep it.
            cell, before, after = cells[column], cells[: column - 1], cells[column + 2 :]
            if cell.startswith(":") and column > 0:
                ways.add((*before, f"{cells[column - 1]}:", cell[1:], *cells[column + 1 :]))
            if cell.endswith(":") and column < 11:
                ways.add((*cells[:column], cell[:-1], f":{cells[column + 1]}", *after))
    assert (found := loaded(right))
    assert [row for row in found if row not in right[":".join(row)]] == []


def strangers(row: tuple[str, ...]) -> list[int]:
    """Columns whose cell is none that the column could have."""
    fits = {
        0: row[0].isdigit() or row[0] == "",
        4: row[4] in {"male", "female", ""},
        7: row[7] in {*STATES},
        9: row[9] in {*DATES, ""},
        10: "@" in row[10] or row[10] == "",
        11: row[11].count("/") in {0, 2},
    }
    return [column for column, fit in fits.items() if not fit]


def test_lines_with_all_delimiters_in_wrong_places_hardly_ever_load_a_cell_under_another_type(
    loaded: Loaded,
) -> None:
    """One cell that does not fit is a bad cell, and no sign of a shift by itself."""
    lines = [
        ":".join([*cells[:lost], cells[lost] + cells[lost + 1], *cells[lost + 2 :]])
        for number in range(0, len(RECORDS), 7)
        for _, cells in with_a_stray_delimiter(number)
        for lost in range(11)
    ]
    wrong = [row for row in loaded(lines) if strangers(row)]
    assert len(wrong) < 0.04 * len(lines)
    assert [row for row in wrong if {0, 9} & {*strangers(row)} and len(strangers(row)) > 1] == []


@pytest.mark.parametrize(("number", "lost", "column", "place"), [(1, 5, 8, 4), (1, 2, 8, 8), (4, 0, 5, 3)])
def test_a_line_whose_cells_moved_is_not_loaded(
    loaded: Loaded, number: int, lost: int, column: int, place: int
) -> None:
    cells = list(RECORDS[number])
    cells[column] = f"{cells[column][:place]}:{cells[column][place:]}"
    line = ":".join([*cells[:lost], cells[lost] + cells[lost + 1], *cells[lost + 2 :]])
    assert [row for row in loaded([line]) if strangers(row)] == []
