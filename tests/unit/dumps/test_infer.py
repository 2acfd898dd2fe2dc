"""From a sample to the grammar that explains it best."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps import Grammar, Overrides, read
from floodmark.dumps.cut_scores import MAX_COLUMNS
from floodmark.dumps.encodings import Encoding
from floodmark.dumps.infer import infer
from floodmark.dumps.sample import Sample
from floodmark.dumps.sample_lines import newline_of
from floodmark.errors import FloodmarkError, LimitExceeded, NoGrammar, NothingToRead, UsageError
from floodmark.identifiers import FieldType

FIRST = ["Ada", "Ben", "Cleo", "Dov", "Esme", "Falk", "Gus", "Hana"]
TOWNS = ["Leeds", "Fresno, California", "Berlin", "", "Lyon"]


def sample(text: str | bytes) -> Sample:
    head = text if isinstance(text, bytes) else text.encode()
    return Sample(head, (), "plain", Encoding("utf-8", False), complete=True)


def grammar(text: str | bytes, **overrides: object) -> Grammar:
    return infer(sample(text), Overrides(**overrides)).grammar  # type: ignore[arg-type]


def people(count: int = 60) -> list[list[str]]:
    """Rows of phone, profile id, first name, gender, town, date and mail."""
    chance = random.Random(5)
    return [
        [
            f"1202555{chance.randrange(10_000):04d}",
            f"{100_000_412_000_000 + chance.randrange(10**9)}",
            chance.choice(FIRST),
            chance.choice(["male", "female"]),
            chance.choice(TOWNS),
            f"{chance.randrange(1, 13)}/{chance.randrange(1, 28)}/2018 12:00:00 AM",
            f"n{number}@b.example" if number % 3 else "",
        ]
        for number in range(count)
    ]


def table(delimiter: str, end: str = "\n") -> str:
    return "".join(delimiter.join(row) + end for row in people())


# --- delimiters and columns


@pytest.mark.parametrize("delimiter", [":", ";", "\t", "|", "|||", ":::", "^", "~", "\x01", "¦", " | "])
def test_the_delimiter_of_a_table_of_people_is_found_with_its_columns(delimiter: str) -> None:
    found = grammar(table(delimiter))
    assert (found.delimiter, len(found.columns), found.record) == (delimiter, 7, "delimited")
    assert found.confidence > 0.8
    kinds = {column.type for column in found.columns}
    assert {FieldType.PHONE, FieldType.GENDER, FieldType.EMAIL} <= kinds


def test_times_do_not_make_columns_of_a_colon_file() -> None:
    inferred = infer(sample(table(":"))).first
    assert len(inferred.grammar.columns) == 7
    assert "timestamp" in inferred.grammar.protected
    assert inferred.times == (" 12:00:00 AM",)


@pytest.mark.parametrize("order", [[6, 5, 4, 3, 2, 1, 0], [3, 0, 5, 1, 6, 2, 4]])
def test_the_order_of_the_columns_does_not_matter(order: list[int]) -> None:
    text = "".join(":".join(row[i] for i in order) + "\n" for row in people())
    found = grammar(text)
    assert len(found.columns) == 7
    assert found.columns[order.index(0)].type is FieldType.PHONE
    assert found.columns[order.index(6)].type is FieldType.EMAIL


def test_one_identifier_a_line_is_one_column_without_a_delimiter() -> None:
    found = grammar("".join(row[0] + "\n" for row in people()))
    assert (found.delimiter, len(found.columns), found.columns[0].type) == ("", 1, FieldType.PHONE)


def test_runners_up_say_why_they_lost() -> None:
    found = grammar(table(":"))
    assert found.alternatives
    for alternative in found.alternatives:
        assert alternative.reason
        assert 0 <= alternative.confidence <= 1


def test_columns_that_always_fit_their_type_are_strong_and_the_few_different_cells_are_known() -> None:
    inferred = infer(sample(table(":"))).first
    types = [column.type for column in inferred.grammar.columns]
    gender = types.index(FieldType.GENDER)
    assert gender in inferred.strong
    known = inferred.strong[gender]
    assert known is not None
    assert sorted(known) == ["female", "male"]
    assert inferred.strong[types.index(FieldType.PHONE)] is None


# --- headers, preambles, names


def test_a_header_gives_the_names() -> None:
    found = grammar("phone;uid;first_name;gender;town;created;email\n" + table(";"))
    assert found.header
    assert found.names == ["phone", "uid", "first_name", "gender", "town", "created", "email"]


def test_without_a_header_columns_are_named_for_their_types_and_no_name_comes_twice() -> None:
    found = grammar("".join(f"{row[0]}:{row[6] or 'x@y.example'}:{row[0]}\n" for row in people()))
    assert not found.header
    assert found.names[:2] == ["phone", "email"]
    assert len(set(found.names)) == 3


def test_names_of_a_header_that_come_twice_are_numbered() -> None:
    found = grammar("phone,name,name\n" + "".join(f"{r[0]},{r[2]},{r[2]}\n" for r in people()), header=True)
    assert len(set(found.names)) == 3
    assert found.names[:2] == ["phone", "name"]


def test_a_header_cell_that_could_be_an_identifier_is_not_repeated() -> None:
    found = grammar(
        "12025550100;n@b.example;Ada\n" + "".join(f"{r[0]};x;{r[2]}\n" for r in people()), header=True
    )
    assert found.names == ["column_1", "column_2", "column_3"]


@settings(max_examples=25)
@given(st.lists(st.text(max_size=90), min_size=3, max_size=3))
def test_whatever_a_header_says_names_are_printable_short_and_different(cells: list[str]) -> None:
    header = ";".join("".join(c for c in cell if c not in ';"\r\n\0') for cell in cells)
    text = f"x{header}\n".encode("utf-8", "replace") + b"1;2;3\n" * 5
    names = grammar(text, delimiter=";", header=True, preamble=0).names
    assert len(set(names)) == len(names) == 3
    for name in names:
        assert name.isprintable()
        assert 0 < len(name) <= 100
        name.encode()


@pytest.mark.parametrize("mark", ["#", "--", "//", ";;", "/*"])
def test_comment_lines_at_the_top_are_the_preamble(mark: str) -> None:
    found = grammar(f"{mark} one\n{mark} two\n" + table(":"))
    assert (found.preamble, found.header) == (2, False)


def test_a_title_without_a_delimiter_is_preamble() -> None:
    found = grammar("A list of people\n\n" + "phone;uid;first_name;gender;town;created;email\n" + table(";"))
    assert found.header
    assert found.preamble in {1, 2}


# --- line ends


@pytest.mark.parametrize(
    ("head", "newline"),
    [
        (b"", "lf"),
        (b"a", "lf"),
        (b"a\nb\n", "lf"),
        (b"a\r\nb\r\n", "crlf"),
        (b"a\rb\r", "cr"),
        (b"a\r\nb\n", "mixed"),
        (b"a\rb\nc\rd\n", "mixed"),
        (b"a\r\rb\n" + b"x\n" * 500, "lf"),  # a few stray carriage returns among many lines are text
    ],
)
def test_line_ends_are_named(head: bytes, newline: str) -> None:
    assert newline_of(head) == newline


@pytest.mark.parametrize(("end", "newline"), [("\n", "lf"), ("\r\n", "crlf"), ("\r", "cr")])
def test_a_table_is_found_whatever_its_line_ends(end: str, newline: str) -> None:
    found = grammar(table(":", end))
    assert (found.newline, len(found.columns)) == (newline, 7)


# --- JSON Lines


def test_json_lines_are_known_by_their_objects() -> None:
    found = grammar('{"phone": "12025550100", "at": {"town": "Leeds"}}\n' * 20)
    assert (found.record, found.names, found.delimiter) == ("jsonl", ["phone", "at.town"], "")


def test_some_broken_lines_leave_json_lines_json_lines() -> None:
    found = grammar('{"phone": "12025550100"}\n{"phone": \n{"mail": "n@b.example"}\n' * 9)
    assert (found.record, found.names) == ("jsonl", ["phone", "mail"])


def test_objects_without_keys_explain_nothing() -> None:
    with pytest.raises(NoGrammar):
        grammar("{}\n{}\n")


# --- overrides


def test_a_stated_delimiter_wins_over_a_better_one() -> None:
    found = grammar(table(":"), delimiter="/")
    assert found.delimiter == "/"


def test_stated_names_and_types_are_taken() -> None:
    found = grammar("a;b\nc;d\n", delimiter=";", header=False, columns=("phone", "remark"))
    assert found.names == ["phone", "remark"]
    assert (found.columns[0].type, found.columns[0].confidence) == (FieldType.PHONE, 1.0)


@pytest.mark.parametrize("quote", ["", "'"])
def test_a_stated_quote_is_taken(quote: str) -> None:
    assert grammar(table(";"), quote=quote, delimiter=";").quote == (quote or None)


@pytest.mark.parametrize("newline", ["lf", "crlf", "cr", "mixed"])
def test_a_stated_line_end_is_taken(newline: str) -> None:
    assert grammar(table(":", "\r\n"), newline=newline).newline == newline


def test_a_stated_preamble_is_skipped_for_good() -> None:
    found = grammar("x;y\nx;y\n" + table(";"), preamble=2, header=False)
    assert found.preamble == 2
    assert len(found.columns) == 7


# --- nothing to explain


@pytest.mark.parametrize("text", ["\n", "  \n\t\n", "\r\r\r"])
def test_blank_lines_only_are_nothing_to_read(text: str) -> None:
    with pytest.raises((NothingToRead, NoGrammar)):
        grammar(text)


def test_more_columns_than_any_table_of_people_are_refused() -> None:
    with pytest.raises(LimitExceeded):
        grammar((",".join(["x"] * (MAX_COLUMNS + 1)) + "\n") * 3)


@settings(max_examples=25)
@given(st.text("ab1,:;|\"'{}@ \t\n\r\\é", max_size=120))
def test_any_text_has_a_grammar_or_an_expected_error(text: str) -> None:
    try:
        found = grammar(text)
    except FloodmarkError as error:
        assert not isinstance(error, UsageError)
        assert error.hint
    else:
        assert len(set(found.names)) == len(found.columns) >= 1
        assert 0 <= found.confidence <= 1


def test_no_cell_of_a_record_taken_for_a_header_becomes_a_name(tmp_path: Path) -> None:
    path = tmp_path / "dump.csv"
    path.write_text("201000000001,Xanthippe,Cairo\n201000000002,Zenobia,Giza\n" * 5)
    assert read(path, header=True).grammar.names == ["column_1", "column_2", "column_3"]
