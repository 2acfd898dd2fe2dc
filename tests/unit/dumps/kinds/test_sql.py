"""SQL dumps: rows of INSERT and COPY, several tables, damage of one row, hostile bytes."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps.encodings import Encoding
from floodmark.dumps.kinds.sql import Sql, SqlReader
from floodmark.dumps.kinds.sql_patterns import Dialect
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import Sample
from floodmark.errors import NoGrammar

from .reading import accounting, likeness, read, sample_of, survives, tables

KIND = Sql()
MYSQL = rb"""-- MySQL dump 10.13  Distrib 5.7
/*!40101 SET NAMES utf8 */;
CREATE TABLE `users` (
  `id` int(11) NOT NULL AUTO_INCREMENT, -- the key, it's one
  `name` varchar(50) DEFAULT 'it''s',
  `paid` decimal(10,2),
  PRIMARY KEY (`id`),
  KEY `both` (`name`,`paid`)
) ENGINE=InnoDB;
INSERT INTO `users` VALUES (1,'it\'s; (x),(y)',12.50),(2,NULL,NOW()),
(3,'line\nbreak',X'00FF');
INSERT INTO `posts` (`by`,`text`) VALUES (1,'a\\');
UNLOCK TABLES;
"""
POSTGRES = rb"""-- PostgreSQL database dump
SET standard_conforming_strings = on;
CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN INSERT INTO x VALUES ('a'); END; $$;
COPY public.users (id, name, "e mail") FROM stdin;
1	Ada	a@example.com
2	\N	tab\there
\.
INSERT INTO public.users VALUES (3, 'C:\', E'it\'s');
INSERT INTO public.users (name, id) VALUES ('line
INSERT INTO evil VALUES (1);
', 4) ON CONFLICT DO NOTHING;
"""
SERVER = rb"""USE [db]
GO
SET IDENTITY_INSERT [dbo].[Users] ON
GO
INSERT [dbo].[Users] ([Id], [Name], [At]) VALUES (1, N'O''Hara', CAST(N'2018-01-01' AS DateTime))
INSERT [dbo].[Users] ([Id], [Name], [At]) VALUES (2, N'x', NULL)
GO
INSERT [dbo].[Users] ([Id], [Name], [At]) VALUES (3, NULL, NULL)
GO
"""
ORACLE = rb"""REM INSERTING into HR.PEOPLE
SET DEFINE OFF;
Insert into HR.PEOPLE ("ID","NAME","BORN") values (1,'Ada',to_date('10-12-1815','DD-MM-YYYY'));
INSERT ALL
 INTO HR.PEOPLE (ID,NAME,BORN) VALUES (2,'Bob',null)
 INTO HR.PEOPLE (ID,NAME,BORN) VALUES (3,'Cyd',null)
SELECT * FROM dual;
"""


def rows(text: bytes, table: str) -> list[tuple[str, ...]]:
    return tables(KIND, text)[table].rows()


def insert(*values: str, table: str = "t") -> bytes:
    return f"INSERT INTO {table} VALUES ({'),('.join(values)});\n".encode()


# --- what is read


def test_rows_of_mysqldump_are_read_by_the_columns_of_create_table() -> None:
    found = tables(KIND, MYSQL)
    assert found["users"].columns == ["id", "name", "paid"]
    expected = [("1", "it's; (x),(y)", "12.50"), ("2", "", "NOW()"), ("3", "line\nbreak", "00FF")]
    assert found["users"].rows() == expected
    assert found["posts"].rows() == [("1", "a\\")]


def test_copy_and_insert_of_one_table_are_one_table() -> None:
    found = tables(KIND, POSTGRES)
    assert found["public.users"].columns == ["id", "name", "e mail"]
    assert found["public.users"].rows() == [
        ("1", "Ada", "a@example.com"),
        ("2", "", "tab\there"),
        ("3", "C:\\", "it's"),
        ("4", "line\nINSERT INTO evil VALUES (1);\n", ""),
    ]
    assert "evil" not in found


def test_statements_of_sql_server_need_no_semicolon() -> None:
    assert rows(SERVER, "dbo.Users") == [("1", "O'Hara", "2018-01-01"), ("2", "x", ""), ("3", "", "")]


def test_oracle_inserts_all_and_says_how_dates_are_written() -> None:
    assert rows(ORACLE, "HR.PEOPLE") == [("1", "Ada", "10-12-1815"), ("2", "Bob", ""), ("3", "Cyd", "")]


def test_a_dump_that_sqlite_writes_comes_back_as_it_was() -> None:
    written = [(1, "it's", None), (2, 'a "b"\n; (c),(d)', 1.5), (3, "C:\\", -7.0), (4, "é, ü", 0.0)]
    with sqlite3.connect(":memory:") as store:
        store.execute('CREATE TABLE "my users" (id INTEGER, "full name" TEXT, x REAL)')
        store.executemany('INSERT INTO "my users" VALUES (?,?,?)', written)
        text = "\n".join(store.iterdump()).encode()
    store.close()
    found = tables(KIND, text)["my users"]
    assert found.columns == ["id", "full name", "x"]
    assert found.rows() == [(str(i), n, "" if x is None else str(x)) for i, n, x in written]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'it''s'", "it's"),
        (r"'it\'s'", "it's"),
        (r"'\\'", "\\"),
        (r"'a\nb\rc\td'", "a\nb\rc\td"),
        (r"'100\%'", r"100\%"),
        (r"'\0'", r"\0"),
        ("NULL", ""),
        ("null", ""),
        ("DEFAULT", ""),
        ("-0.50", "-0.50"),
        ("1e5", "1e5"),
        ("0xC3A9", "C3A9"),
        ("0x1", "0x1"),
        ("x'00ff'", "00ff"),
        ("_utf8'\u00e9'", "\u00e9"),
        ("_binary 'abc'", "abc"),
        ("N'q'", "q"),
        ("true", "true"),
        ("CURRENT_TIMESTAMP()", "CURRENT_TIMESTAMP()"),
        ('"double ""quoted"" \'s"', 'double "quoted" \'s'),
        ("'a),(b'", "a),(b"),
        ("'-- no comment'", "-- no comment"),
        ("'1','2'::text", "1"),
    ],
)
def test_every_kind_of_value_is_a_text_cell(cell: str, text: str) -> None:
    dialect = b"/*!40101 SET NAMES utf8 */;\n"
    assert rows(dialect + insert(f"7,{cell}", f"8,{cell}"), "t")[0][1] == text


def test_columns_without_names_are_numbered() -> None:
    (batch,) = read(KIND, insert("1,'a'", "2,'b'"))
    assert (batch.frame.columns, batch.named, batch.table) == (["c0", "c1"], False, "t")


def test_columns_in_another_order_are_put_in_their_place() -> None:
    text = b"INSERT INTO t (a, b) VALUES (1, 2);\nINSERT INTO t (B) VALUES (3);\n"
    assert rows(text, "t") == [("1", "2"), ("", "3")]


def test_a_column_that_the_table_does_not_have_is_dropped_and_counted() -> None:
    text = b"INSERT INTO t (a) VALUES (1);\nINSERT INTO t (a, z) VALUES (2, 3);\n"
    assert rows(text, "t") == [("1",), ("2",)]
    assert accounting(KIND, text).of("repaired", "unknown-column-dropped").lines == 1


def test_tables_of_which_rows_alternate_stay_apart() -> None:
    text = b"".join(insert(f"{i},'a'") + insert(f"{i},'b','c'", table="u") for i in range(200))
    found = tables(KIND, text)
    assert (found["t"].height, found["u"].height) == (200, 200)
    assert found["u"].row(199) == ("199", "b", "c")


def test_tables_whose_names_differ_in_what_cannot_be_shown_stay_apart() -> None:
    found = tables(KIND, insert("1,'a'", table="`u\x01`") + insert("2,'b','c'", table="`u\x02`"))
    assert {name: frame.width for name, frame in found.items()} == {"u": 2, "u (2)": 3}


def test_a_name_of_a_table_is_a_label_without_controls() -> None:
    (batch,) = read(KIND, b"INSERT INTO `a\x1b[31m\nb` (`c\x07d`) VALUES ('x');\n")
    assert (batch.table, batch.frame.columns) == ("a[31mb", ["cd"])


# --- damage


@pytest.mark.parametrize(
    "damaged",
    ["2,'dam'aged'", "2,'open", "2,close'", "2,'a'b'", "2,((('a')", "2,'a';'b'", "'2,'a'", "2,'a'')"],
)
@pytest.mark.parametrize("way", ["many", "one"])
def test_a_damaged_row_alone_is_quarantined(damaged: str, way: str) -> None:
    good = [f"{i},'name {i}'" for i in range(10, 60)]
    values = [*good[:25], damaged, *good[25:]]
    text = insert(*values) if way == "many" else b"".join(insert(value) for value in values)
    total = accounting(KIND, text)
    assert rows(text, "t") == [tuple(v.replace("'", "").split(",")) for v in good]
    assert (total.lines["quarantined"], total.lines["accepted"]) == (1, 50)


def test_rows_of_another_width_are_quarantined_by_themselves() -> None:
    total = accounting(KIND, insert("1,'a'", "2", "3,'c'", "4,'d',5", "6,'e'"))
    assert total.of("quarantined", "too-few-cells").lines == 1
    assert total.of("quarantined", "too-many-cells").lines == 1
    assert total.records == 3


def test_a_statement_that_is_cut_off_does_not_take_the_next_with_it() -> None:
    text = b"INSERT INTO t VALUES (1,'a'),(2,'b\nINSERT INTO t VALUES (3,'c');\n"
    assert rows(text, "t") == [("1", "a"), ("3", "c")]


def test_rows_that_are_no_text_are_quarantined_and_binary_cells_kept_as_hex() -> None:
    text = (
        insert("1,'a'") + b"INSERT INTO t VALUES (2,'\xff');\nINSERT INTO t VALUES (3,_binary '\xff\xfe');\n"
    )
    assert rows(text, "t") == [("1", "a"), ("3", "fffe")]
    assert accounting(KIND, text).of("quarantined", "invalid-utf-8-or-nul").lines == 1


def test_a_copy_that_nothing_ends_goes_on_to_the_end() -> None:
    assert rows(b"COPY t (a, b) FROM stdin;\n1\t2\n3\t4", "t") == [("1", "2"), ("3", "4")]


def test_lines_of_a_copy_with_other_cells_are_quarantined() -> None:
    total = accounting(KIND, b"COPY t (a, b) FROM stdin;\n1\t2\n3\n4\t5\t6\n\xff\t1\n\\.\n")
    assert {reason: tally.lines for reason, tally in total.reasons["quarantined"].items()} == {
        "too-few-cells": 1,
        "too-many-cells": 1,
        "invalid-utf-8-or-nul": 1,
    }


# --- how it is told


@pytest.mark.parametrize("text", [MYSQL, POSTGRES, SERVER, ORACLE])
def test_dumps_are_told_by_their_statements(text: bytes) -> None:
    assert likeness(KIND, text) > 0.5


@pytest.mark.parametrize(
    "text",
    [b"", b"id,name\n1,Ada\n", b'{"sql": "INSERT INTO t VALUES (1)"}\n', b"INSERT COIN\n", b"(a) b\n(c) d\n"],
)
def test_other_texts_are_no_dumps(text: bytes) -> None:
    assert likeness(KIND, text) < 0.5


def test_a_text_without_rows_has_no_grammar() -> None:
    with pytest.raises(NoGrammar):
        KIND.reader(sample_of(b"DROP TABLE t;\n"), "lf", Overrides())


# --- hostile


@pytest.mark.parametrize("text", [MYSQL, POSTGRES, SERVER, ORACLE])
def test_a_dump_cut_anywhere_is_accounted_for(text: bytes) -> None:
    for stop in range(len(text)):
        survives(KIND, text[:stop])


def chunked(text: bytes, size: int, dialect: Dialect) -> tuple[int, list[tuple[str, ...]]]:
    reader, at = SqlReader(dialect, size), 0

    def give(wanted: int) -> bytes:
        nonlocal at
        at += wanted
        return text[at - wanted : at]

    held, found = 0, []
    for chunk in reader.chunks(give, 0):
        assert (chunk.start, chunk.data) == (held, text[held : held + len(chunk.data)])
        batches = reader.split(chunk)
        spans = sum(span.size for batch in batches for span in batch.spans)
        assert spans + sum(batch.accepted_bytes for batch in batches) == len(chunk.data)
        held += len(chunk.data)
        found += [(batch.table, *row) for batch in batches for row in batch.frame.rows()]
    assert held == len(text)
    return held, found


@pytest.mark.parametrize("size", [700, 1000, 5000])
@pytest.mark.parametrize("text", [MYSQL, POSTGRES, SERVER, ORACLE])
def test_small_chunks_give_the_same_records(text: bytes, size: int) -> None:
    dialect = Dialect(backslash=text is MYSQL)
    assert sorted(chunked(text, size, dialect)[1]) == sorted(chunked(text, 1 << 20, dialect)[1])


PIECES = [
    *(
        b"'",
        b"(",
        b")",
        b",",
        b";",
        b"\n",
        b"\\",
        b"1",
        b"abc",
        b"--",
        b"/*",
        b"*/",
        b"$$",
        b"$a$",
        b"`",
        b"[",
    ),
    *(b'"', b"E'", b"GO\n", b"\0", b"\xff", b"\t", b"),(", b"(1,'a')", b"NULL", b" ON DUPLICATE KEY UPDATE "),
    *(b"INSERT INTO t VALUES ", b"INSERT INTO t (a,b) VALUES ", b"COPY t FROM stdin;\n", b"\\.\n"),
    *(b"CREATE TABLE t (", b"\nINSERT INTO `u` VALUES (1,'x'),('", b" INTO v VALUES "),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.booleans(), st.sampled_from([16, 60, 1 << 20]))
def test_any_pieces_of_sql_are_accounted_for(pieces: list[bytes], backslash: bool, size: int) -> None:
    chunked(b"INSERT INTO t VALUES " + b"".join(pieces), size, Dialect(backslash))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_accounted_for(text: bytes) -> None:
    survives(KIND, text)
    survives(KIND, b"INSERT INTO t VALUES (1,'a');\n" + text)


def test_a_string_without_end_needs_no_more_memory_than_a_chunk() -> None:
    size, asked = 1 << 16, 0
    head, left = b"INSERT INTO t VALUES (1,'a'),(2,'", 50 * size

    def give(wanted: int) -> bytes:
        nonlocal asked, left
        asked = max(asked, wanted)
        text = (head if left == 50 * size else b"x" * wanted)[:left]
        left -= len(text)
        return text

    lengths = [len(chunk.data) for chunk in SqlReader(Dialect(backslash=True), size).chunks(give, 0)]
    assert sum(lengths) == 50 * size
    assert max(lengths) <= 3 * size


@pytest.mark.parametrize(
    "text",
    [
        b"INSERT INTO t VALUES " + b"('a','),(1),(" * 20_000,
        b"INSERT INTO t VALUES " + rb"('\'),(1),(" * 4_000,
        b"INSERT INTO t VALUES " + b"(" * 300_000,
        b"INSERT INTO t VALUES (1)" + b");" * 20_000,
        b"INSERT INTO t VALUES ('" + b"\\" * 300_000,
        b"INSERT INTO t VALUES (1);\n" + b"/*/" * 100_000,
        b"INSERT INTO t VALUES (1);\n" + b"".join(b"$a%d$ " % i for i in range(50_000)),
        b"INSERT INTO t VALUES (1);\n" + b"INSERT INTO `t" * 30_000,
        b"INSERT INTO t VALUES (1);\nINSERT " + b" " * 300_000,
        b"".join(b"INSERT INTO t%d VALUES (1);\n" % i for i in range(3_000)),
    ],
)
@pytest.mark.parametrize("backslash", [True, False])
def test_what_is_made_to_take_long_is_read_in_one_go(text: bytes, backslash: bool) -> None:
    assert chunked(text, 1 << 24, Dialect(backslash))[0] == len(text)


def test_more_tables_than_any_dump_has_are_quarantined() -> None:
    text = b"".join(b"INSERT INTO t%d VALUES (1);\n" % i for i in range(1100))
    assert accounting(KIND, text).of("quarantined", "too-many-tables").lines >= 1


def test_a_dump_of_more_tables_than_are_read_is_a_dump_all_the_same() -> None:
    table = "CREATE TABLE t{0} (id int, name text);\nINSERT INTO t{0} VALUES (1,'Ada'),(2,'Bob');\n"
    text = "".join(table.format(number) for number in range(5000)).encode()
    whole = Sample(text, (), "plain", Encoding("utf-8", False), complete=True)
    assert KIND.likeness(whole, Overrides()).confidence > 0.5
