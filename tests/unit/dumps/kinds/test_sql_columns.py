"""Many rows at once give what one row at a time gives."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps.kinds import sql_cutter
from floodmark.dumps.kinds.sql import SqlReader
from floodmark.dumps.kinds.sql_columns import plain_rows
from floodmark.dumps.kinds.sql_patterns import Dialect
from floodmark.dumps.kinds.sql_rows import one_by_one

CELLS = [
    *(b"'a'", b"NULL", b"12", b"-1.5", b"'it''s'", b"''", b"''''", b"'a\\\\'", b"'\\n'", b"'x\\'y'", b"N'q'"),
    *(
        b"E'z\\'w'",
        b"NOW()",
        b"0xff",
        b"X'ff'",
        b"'a,b'",
        b"'(),('",
        b"'\n'",
        b" 1 ",
        b" 'v' ",
        b"true",
        b"NOT",
    ),
    *(
        b"'\xc3\xa9'",
        b"'\r\n'",
        b"'a' 'b'",
        b"nULl",
        b"default",
        b"'\\0'",
        b"'%\\%'",
        b'"d"',
        b"'\\\n'",
        b"n",
    ),
    *(
        b"'\x1f'",
        b"'\x1e'",
        b"'\xff'",
        b"'\0'",
        b"CAST('x' AS d)",
        b"'a'::text",
        b"",
        b"_utf8'x'",
        b"'\\\\\\\\'",
    ),
]


@st.composite
def rows_of_cells(draw: st.DrawFn) -> tuple[list[bytes], int]:
    width = draw(st.integers(2, 4))
    some = draw(st.lists(st.sampled_from(CELLS), min_size=1, max_size=6))
    cells = st.lists(st.sampled_from(some), min_size=width, max_size=draw(st.integers(width, width + 1)))
    return [b"(" + b",".join(row) + b")" for row in draw(st.lists(cells, min_size=1, max_size=5))], width


@settings(max_examples=150, deadline=None)
@given(rows_of_cells(), st.booleans())
def test_plain_rows_read_at_once_are_as_read_one_by_one(
    made: tuple[list[bytes], int], backslash: bool
) -> None:
    dialect, (rows, width) = Dialect(backslash), made
    whole = [row for row in rows if dialect.row.fullmatch(row)]
    if not whole:
        return
    found = plain_rows(whole, width, backslash)
    plain = [row for row, is_plain in zip(whole, found.plain.tolist(), strict=True) if is_plain]
    assert one_by_one(plain, width, dialect)[0].rows() == found.cells.rows()


def test_usual_rows_are_plain() -> None:
    rows = [b"(1,'a','it''s',NULL,-2.5)", b"(2, 'b\\'c', N'd' , null, 3)"]
    found = plain_rows(rows, 5, backslash=True)
    assert found.plain.all()
    assert found.cells.rows() == [("1", "a", "it's", "", "-2.5"), ("2", "b'c", "d", "", "3")]


STATEMENTS = [
    *(b"(1,'a')", b",", b";\n", b",\n", b"INSERT INTO t VALUES ", b"INSERT INTO `t` (`a`,`b`) VALUES "),
    *(b"(2,'it''s')", b"('x',NOW())", b"(1,'dam'aged')", b"(3)", b"'", b"GO\n", b"/* c */", b"\n"),
    *(
        b"INSERT INTO u VALUES ",
        b'("a","b")',
        b" ON DUPLICATE KEY UPDATE a=VALUES(a)",
        b";\nINSERT INTO t VALUES (9,'z')",
    ),
]


def read(text: bytes) -> tuple[int, list[tuple[str, ...]]]:
    reader, accepted, found = SqlReader(Dialect(backslash=True)), 0, []
    for chunk in reader.chunks(io.BytesIO(text).read, 0):
        for batch in reader.split(chunk):
            accepted += batch.accepted_bytes
            found += [(batch.table, *row) for row in batch.frame.rows()]
    return accepted, found


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(STATEMENTS), max_size=40), st.sampled_from([b",", b";\nINSERT INTO t VALUES "])
)
def test_many_rows_found_at_once_are_those_found_one_by_one(pieces: list[bytes], between: bytes) -> None:
    text = b"INSERT INTO t VALUES " + between.join([b"(7,'y')"] * 5) + b"".join(pieces)
    at_once = read(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sql_cutter, "find_rows", lambda *_: None)
        assert read(text) == at_once
