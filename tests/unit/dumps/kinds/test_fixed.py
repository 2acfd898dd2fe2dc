"""Tables drawn as text: boxes, rulers and columns of fixed width."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps.grammar import Grammar
from floodmark.dumps.kinds.fixed import DrawnTables
from floodmark.dumps.overrides import Overrides
from floodmark.errors import NoGrammar

from .reading import accounting, likeness, read, sample_of, survives, tables

KIND = DrawnTables()
MYSQL = """\
+----+-----------+
| id | name      |
+----+-----------+
|  1 | Ada       |
|  2 | Bob | Bo  |
|  3 | Çiğdem    |
+----+-----------+
3 rows in set (0.00 sec)
"""
PSQL = " id |  name  \n----+--------\n  1 | Ada\n  2 | Bob | Bo\n  3 | Çiğdem\n(3 rows)\n\n"
UNICODE = """\
┌────┬────────┐
│ id │ name   │
├────┼────────┤
│  1 │ Ada    │
│  2 │ Bob│Bo │
│  3 │ Çiğdem │
└────┴────────┘
"""
MARKDOWN = "| id | name |\n|---:|:-----|\n| 1 | Ada |\n| 2 | Bob |\n| 3 | Çiğdem |\n"
SQLCMD = """\
Report 1 of 2
id          name                 phone
----------- -------------------- -------------
          1 Ada Lovelace         +447700900001
          2 Bob                  +447700900002
\fReport 2 of 2
id          name                 phone
----------- -------------------- -------------
          3 Çiğdem               +447700900003

(3 rows affected)
"""
NAMES = ["Ada Lovelace", "Bob", "Çiğdem", "Di", "Ed van der Berg", "Fa", "Gus", "Hy"]


def columns_of(count: int, header: bool = True) -> str:
    lines = [("name", "age", "city", "email")] if header else []
    for i in range(count):
        lines.append(
            (NAMES[i % 8], str(i * 37 % 103), ["Rome", "Zürich", "Oslo"][i % 3], f"u{i}@mail.example")
        )
    return "".join(f"{name:<20}{age:>4}  {city:<10}{mail}\n" for name, age, city, mail in lines)


@pytest.mark.parametrize("text", [MYSQL, PSQL, UNICODE])
def test_cells_stand_between_bars_even_if_a_bar_is_in_one(text: str) -> None:
    batch = read(KIND, text.encode())[0]
    assert batch.named
    assert batch.frame.columns == ["id", "name"]
    assert batch.frame["id"].to_list() == ["1", "2", "3"]
    assert batch.frame["name"][-1] == "Çiğdem"


def test_a_bar_is_told_from_a_cell_by_the_border() -> None:
    assert tables(KIND, MYSQL.encode())[""]["name"].to_list() == ["Ada", "Bob | Bo", "Çiğdem"]
    assert tables(KIND, UNICODE.encode())[""]["name"].to_list() == ["Ada", "Bob│Bo", "Çiğdem"]


def test_borders_names_and_footers_are_skipped_by_name() -> None:
    total = accounting(KIND, MYSQL.encode())
    found = {reason: tally.lines for reason, tally in total.reasons["skipped"].items()}
    assert found == {"rule": 3, "header": 1, "footer": 1}
    assert total.bytes["quarantined"] == 0


def test_a_table_of_markdown_is_a_table() -> None:
    text = f"# People\n\n{MARKDOWN}"
    assert tables(KIND, text.encode())[""].rows() == [("1", "Ada"), ("2", "Bob"), ("3", "Çiğdem")]
    prose = "\n".join(["Some words about it."] * 30)
    assert likeness(KIND, f"{prose}\n{MARKDOWN}".encode()) < 0.5


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_ruler_says_where_columns_are_and_pages_repeat_their_heads(end: str) -> None:
    text = SQLCMD.replace("\n", end).encode()
    assert tables(KIND, text)[""].rows() == [
        ("1", "Ada Lovelace", "+447700900001"),
        ("2", "Bob", "+447700900002"),
        ("3", "Çiğdem", "+447700900003"),
    ]
    reasons = {reason: tally.lines for reason, tally in accounting(KIND, text).reasons["skipped"].items()}
    assert reasons == {
        "preamble": 1,
        "header": 1,
        "repeated-header": 1,
        "rule": 2,
        "page-heading": 1,
        "blank": 1,
        "footer": 1,
    }


@pytest.mark.parametrize("header", [True, False])
def test_columns_are_told_by_the_gaps_between_them(header: bool) -> None:
    batch = read(KIND, columns_of(60, header).encode())[0]
    assert batch.named is header
    assert batch.frame.width == 4
    assert batch.frame.row(4) == ("Ed van der Berg", "45", "Zürich", "u4@mail.example")
    assert batch.frame.height == 60


def test_columns_without_gaps_are_told_where_digits_and_letters_meet() -> None:
    text = "".join(f"{NAMES[i % 8]:<16}1980{i % 12 + 1:02}{i % 28 + 1:02}F{i:06}\r\n" for i in range(60))
    assert tables(KIND, text.encode())[""].row(8) == ("Ada Lovelace", "19800909", "F", "000008")


def test_the_grammar_says_how_wide_columns_are() -> None:
    reader = KIND.reader(sample_of(columns_of(60).encode()), "lf", Overrides())
    grammar = reader.describe(
        Grammar("fixed", "plain", "utf-8", False, "", None, "lf", False, 0, (), (), 1.0)
    )
    assert len(grammar.widths) == 4
    assert sum(grammar.widths) == 36
    assert grammar.widths[0] in range(17, 22)
    assert grammar.header


def test_a_line_whose_cells_cross_columns_is_quarantined_not_cut() -> None:
    text = columns_of(60) + "a line of some thirty letters that has no gap where others do\n"
    total = accounting(KIND, text.encode())
    assert total.of("quarantined", "cell-across-columns").lines == 1
    assert total.records == 60


def test_a_line_without_its_bars_is_quarantined_not_shifted() -> None:
    row = "|  1 | Ada       |\n"
    total = accounting(KIND, MYSQL.replace(row, row * 5 + "|  1 Ada |\n").encode())
    assert total.of("quarantined", "too-few-cells").lines == 1
    assert total.records == 7
    total = accounting(KIND, MYSQL.replace(row, row * 5 + "| 1 | A | da |\n").encode())
    assert total.of("quarantined", "too-many-cells").lines == 1


def test_lines_that_are_no_text_are_quarantined() -> None:
    text = MYSQL.encode().replace(b"Ada", b"A\xffa").replace(b"  3 |", b"\x00 3 |")
    assert accounting(KIND, text).of("quarantined", "invalid-utf-8-or-nul").lines == 2


@pytest.mark.parametrize(
    "text",
    [
        "id,name\n1,Ada\n2,Bob\n",
        "id\tname\n1\tAda\n2\tBob\n" * 20,
        "".join(f"{i}:u{i}@mail.example:secret {i}\n" for i in range(60)),
        "".join(f"Name:   A{i}\nPhone:  +4477009000{i:02}\n\n" for i in range(30)),
        "".join(f"{' '.join(NAMES[i % 8 :])} {i}\n" for i in range(60)),
        "----\n",
        "",
    ],
)
def test_what_is_no_drawn_table_is_not_taken_for_one(text: str) -> None:
    assert likeness(KIND, text.encode()) == 0
    with pytest.raises(NoGrammar):
        KIND.reader(sample_of(text.encode()), "lf", Overrides())


@pytest.mark.parametrize("size", [1, 9, 100])
def test_it_does_not_matter_in_which_pieces_a_text_arrives(size: int) -> None:
    for text in (MYSQL, SQLCMD, columns_of(20)):
        assert tables(KIND, text.encode(), size)[""].equals(tables(KIND, text.encode())[""])


@pytest.mark.parametrize("text", [MYSQL, PSQL, UNICODE, MARKDOWN, SQLCMD])
def test_a_text_cut_off_anywhere_loses_no_byte(text: str) -> None:
    for stop in range(len(text.encode())):
        survives(KIND, text.encode()[:stop])


MARKS = ["|", "-----", "+", "=", " ", "  ", "\n", "\r", "a", "1", "│", "\0", "é", "---  ---\n"]


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=200) | st.lists(st.sampled_from(MARKS), max_size=40).map(lambda m: "".join(m).encode())
)
def test_any_bytes_are_survived(text: bytes) -> None:
    survives(KIND, text)
    survives(KIND, MYSQL.encode() + text)
    survives(KIND, SQLCMD.encode() + text)


cells = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
def test_what_was_drawn_is_read(people: list[tuple[str, str]]) -> None:
    border = "+-----------+-----------+\n"
    body = "".join(f"| {a:<9} | {b:>9} |\n" for a, b in people)
    found = tables(KIND, f"{border}| {'a':<9} | {'b':<9} |\n{border}{body}{border}".encode())[""]
    assert found.rows() == people
