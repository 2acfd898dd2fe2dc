"""Grammars saved to TOML and read back."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps import Column, Grammar, Overrides, read, to_toml
from floodmark.dumps.grammar_file import load_overrides
from floodmark.dumps.overrides import StatedTable
from floodmark.dumps.typing_columns import typed
from floodmark.errors import UsageError
from floodmark.identifiers import FieldType

GRAMMAR = Grammar(
    record="delimited",
    container="plain",
    encoding="utf-8",
    bom=False,
    delimiter=":",
    quote=None,
    newline="lf",
    header=False,
    preamble=0,
    protected=("timestamp",),
    columns=(Column(0, "phone", FieldType.PHONE, 0.9), Column(1, "full name", FieldType.FULL_NAME, 0.5)),
    confidence=0.9,
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
COLUMNS = st.lists(st.tuples(TEXT, st.sampled_from(FieldType)), min_size=1, max_size=6)


def saved(folder: Path, text: str) -> Path:
    path = folder / "grammar.toml"
    path.write_text(text, "utf-8")
    return path


@given(
    columns=COLUMNS,
    delimiter=st.sampled_from([":", "\t", ", ", "|||", "\x01", "¦", "\\", "'''"]),
    quote=st.sampled_from([None, '"', "`"]),
    newline=st.sampled_from(["lf", "crlf", "cr", "mixed"]),
    header=st.booleans(),
    preamble=st.integers(0, 99),
    rest=st.booleans(),
    escape=st.sampled_from([None, "!", "~"]),
)
@settings(max_examples=60)
def test_a_saved_grammar_says_the_same_when_it_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    columns: list[tuple[str, FieldType]],
    delimiter: str,
    quote: str | None,
    newline: str,
    header: bool,
    preamble: int,
    rest: bool,
    escape: str | None,
) -> None:
    grammar = replace(
        GRAMMAR,
        columns=tuple(Column(i, name, kind, 0.5) for i, (name, kind) in enumerate(columns)),
        delimiter=delimiter,
        quote=quote,
        newline=newline,
        header=header,
        preamble=preamble,
        rest=rest,
        escape=escape,
    )
    overrides, types = load_overrides(saved(tmp_path_factory.getbasetemp(), to_toml(grammar)))
    assert overrides == Overrides(
        delimiter=delimiter,
        quote=quote or "",
        header=header,
        protected=GRAMMAR.protected,
        preamble=preamble,
        encoding="utf-8",
        newline=newline,
        record="delimited",
        columns=tuple(name for name, _ in columns),
        tables=(StatedTable("", tuple(columns)),) if rest else (),
        rest=rest,
        escape=escape or "",
    )
    assert types == dict(enumerate(kind for _, kind in columns))


def test_a_saved_grammar_reads_the_same_records(tmp_path: Path) -> None:
    dump = tmp_path / "dump.csv"
    rows = "".join(f'{number},"Ada, B{number}",a{number}@b.example\r\n' for number in range(20))
    dump.write_bytes(b"# note\r\nid,name,mail\r\n" + rows.encode())
    first = read(dump)
    again = read(dump, grammar=saved(tmp_path, to_toml(first.grammar)))
    assert [frame.rows() for frame in again] == [frame.rows() for frame in first]
    assert again.accounting == first.accounting
    assert [(c.name, c.type) for c in again.grammar.columns] == [
        (c.name, c.type) for c in first.grammar.columns
    ]
    assert to_toml(again.grammar) == to_toml(first.grammar)


def test_a_saved_grammar_of_json_lines_reads_the_same_records(tmp_path: Path) -> None:
    dump = tmp_path / "dump.jsonl"
    dump.write_text("".join(f'{{"id": {n}, "at": {{"town": "Leeds"}}}}\n' for n in range(9)))
    first = read(dump)
    again = read(dump, grammar=saved(tmp_path, to_toml(first.grammar)))
    assert [frame.rows() for frame in again] == [frame.rows() for frame in first]


def credentials(form: str, secret: str, numbers: range) -> str:
    return "".join(form.format(i=i, secret=secret.format(i=i) if i % 4 else f"x{i}y") + "\n" for i in numbers)


@pytest.mark.parametrize(
    ("form", "first", "second"),
    [
        ("https://a.example:8443/login:user{i}@b.example:{secret}", "p:{i}w", "::a{i}:"),
        ("user{i}@b.example:{secret}", "a:b:c{i}", "q{i}:r"),
        ("{secret};user{i}@b.example", "a;{i}b", ";a;{i}b"),
        ("user{i}@b.example|{secret}|https://a.example/in", "a|{i}b", "a{i}|b|c"),
        ("https://a.example:8443/in user{i}@b.example:{secret}", "p:{i}w", "::a{i}:"),
        ("+447911{i:06d}\t{secret}", "a\t{i}b", "a{i}\tb\tc"),
    ],
)
def test_a_saved_grammar_of_credentials_reads_lists_with_other_passwords(
    tmp_path: Path, form: str, first: str, second: str
) -> None:
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    one.write_text("login:password\n" + credentials(form, first, range(300)))
    other.write_text("login:password\n" + credentials(form, second, range(1, 4)))
    found = read(one)
    rows = [frame.rows() for frame in found]
    grammar = saved(tmp_path, to_toml(found.grammar))
    again, alike = read(one, grammar=grammar), read(other, grammar=grammar)
    assert found.grammar.rest
    assert [frame.rows() for frame in again] == rows
    assert again.accounting == found.accounting
    assert to_toml(again.grammar) == to_toml(found.grammar)
    lines = credentials(form, second, range(1, 4)).splitlines()
    lines = [line.replace(found.grammar.after_site or ":", ":") for line in lines]
    assert [found.grammar.delimiter.join(row) for frame in alike for row in frame.rows()] == lines
    assert alike.accounting.lines["accepted"] == 3
    assert [c.type for c in alike.grammar.columns] == [c.type for c in found.grammar.columns]


def test_a_saved_grammar_keeps_what_columns_of_credentials_are_whatever_they_are_called(
    tmp_path: Path,
) -> None:
    dump = tmp_path / "list.txt"
    dump.write_text("secret one;who\n" + credentials("{secret};user{i}@b.example", "a;{i}b", range(300)))
    text = (
        to_toml(read(dump, header=True).grammar).replace('"who"', '"whoever"').replace('"secret one"', '"x"')
    )
    dump.write_text("x;y\n" + credentials("{secret};user{i}@b.example", "a;{i}b", range(1, 4)))
    again = read(dump, grammar=saved(tmp_path, text))
    assert next(row for frame in again for row in frame.rows()) == ("a;1b", "user1@b.example")
    assert again.grammar.names == ["x", "whoever"]


def test_a_saved_grammar_reads_escaped_delimiters_where_the_sample_has_none(tmp_path: Path) -> None:
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    start = "".join(f"{i};Ada{i};Leeds\n" for i in range(60))
    one.write_text(start + "".join(f"{i};Ada \\; Bob{i};Leeds\n" for i in range(60)))
    other.write_text(start + "7;Eve\\;X;York\n")
    found = read(one)
    rows = [frame.rows() for frame in found]
    assert found.grammar.escape == "\\"
    again = read(one, grammar=saved(tmp_path, to_toml(found.grammar)))
    assert [frame.rows() for frame in again] == rows
    assert again.accounting == found.accounting
    assert to_toml(again.grammar) == to_toml(found.grammar)
    alike = read(other, grammar=tmp_path / "grammar.toml")
    assert [row for frame in alike for row in frame.rows()][-1] == ("7", "Eve;X", "York")


def test_a_grammar_file_can_say_that_no_column_takes_the_rest(tmp_path: Path) -> None:
    dump = tmp_path / "list.txt"
    dump.write_text(credentials("user{i}@b.example:{secret}", "a:{i}b", range(40)))
    assert read(dump, rest=False, delimiter=":").grammar.rest is False
    found = read(dump, rest=True, delimiter=":", columns=("email", "password"))
    assert len([row for frame in found for row in frame.rows()]) == 40
    with pytest.raises(UsageError, match="columns were stated"):
        read(dump, rest=True, delimiter=":", columns=("email",) * 9)


def test_what_takes_the_rest_can_be_stated_of_other_tables(tmp_path: Path) -> None:
    dump = tmp_path / "notes.txt"
    dump.write_text("".join(f"{i},Ada,left{', then right' * (i % 2)}\n" for i in range(40)))
    found = read(dump, rest=True, delimiter=",", columns=("number", "name", "note"))
    assert [row for frame in found for row in frame.rows()][1] == ("1", "Ada", "left, then right")
    assert read(dump, rest=True).grammar.rest


def test_a_type_put_right_by_hand_is_certain(tmp_path: Path) -> None:
    dump = tmp_path / "dump.txt"
    dump.write_text("".join(f"1202555{number:04d}:x{number}\n" for number in range(20)))
    text = to_toml(read(dump).grammar).replace('type = "phone"', 'type = "profile_id"')
    column = read(dump, grammar=saved(tmp_path, text)).grammar.columns[0]
    assert (column.type, column.confidence) == (FieldType.PROFILE_ID, 1.0)


def test_a_grammar_file_holds_no_more_than_it_documents() -> None:
    assert set(tomllib.loads(to_toml(GRAMMAR))) == {
        *(
            "format",
            "record",
            "delimiter",
            "quote",
            "escape",
            "rest",
            "header",
            "preamble",
            "newline",
            "encoding",
            "protected",
            "columns",
        )
    }


def test_an_empty_file_states_nothing(tmp_path: Path) -> None:
    assert load_overrides(saved(tmp_path, "")) == (Overrides(), {})


def test_a_column_without_a_name_is_named_for_its_type(tmp_path: Path) -> None:
    overrides, types = load_overrides(saved(tmp_path, '[[columns]]\ntype = "email"\n'))
    assert overrides.columns == ("email",)
    assert types == {0: FieldType.EMAIL}


@pytest.mark.parametrize("label", ["email", "EMAIL", "Email"])
def test_types_are_known_in_any_case(tmp_path: Path, label: str) -> None:
    assert load_overrides(saved(tmp_path, f'[[columns]]\ntype = "{label}"\n'))[1] == {0: FieldType.EMAIL}


@pytest.mark.parametrize(
    "text",
    [
        "delimiter: ':'",
        "delimiter = ",
        'colour = "red"',
        "format = 2",
        'columns = "phone"',
        "columns = [1]",
        '[[columns]]\nname = "mail"\n',
        '[[columns]]\ntype = "shoe size"\n',
        "[[columns]]\ntype = 3\n",
        "delimiter = 5",
        'delimiter = "\\n"',
        'quote = "abc"',
        'escape = "abc"',
        "escape = 5",
        "after_site = 5",
        'after_site = "ab"',
        'rest = "yes"',
        "quote = '!'\nescape = '!'",
        'header = "yes"',
        "preamble = -1",
        'preamble = "two"',
        'newline = "unix"',
        'record = "cuneiform"',
        'encoding = "no such encoding"',
    ],
)
def test_a_grammar_file_that_cannot_mean_anything_is_refused_with_advice(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_overrides(saved(tmp_path, text))
    assert caught.value.message
    assert caught.value.exit_code == 2


def test_a_grammar_file_that_is_missing_is_a_folder_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "missing", tmp_path, tmp_path / "noise"):
        with pytest.raises(UsageError):
            load_overrides(path)


def test_a_grammar_file_can_say_that_nothing_is_protected(tmp_path: Path) -> None:
    dump, grammar = tmp_path / "dump.txt", tmp_path / "grammar.toml"
    dump.write_text("12025550100:5/8/2018 12:00:00 AM:Ada\n" * 5)
    grammar.write_text('delimiter = ":"\nprotected = []\n')
    assert len(read(dump).grammar.columns) == 3
    assert len(read(dump, grammar=grammar).grammar.columns) == 5
    grammar.write_text('protected = ["clock"]\n')
    with pytest.raises(UsageError, match="protected pattern"):
        read(dump, grammar=grammar)


def test_tables_are_saved_with_their_columns_and_read_back_by_name(tmp_path: Path) -> None:
    users = replace(GRAMMAR, record="sql", table="users", delimiter="", protected=())
    orders = replace(users, table="orders", columns=(Column(0, "ordered", FieldType.UNKNOWN, 0.2),))
    text = to_toml(users, orders)
    assert set(tomllib.loads(text)) == {"format", "record", "newline", "encoding", "tables"}
    overrides, types = load_overrides(saved(tmp_path, text))
    assert (overrides.record, overrides.columns, types) == ("sql", None, {})
    assert overrides.types_of("users") == {"phone": FieldType.PHONE, "full name": FieldType.FULL_NAME}
    assert overrides.types_of("orders") == {"ordered": FieldType.UNKNOWN}
    assert overrides.types_of("other") == {}


def test_columns_of_records_that_name_their_cells_are_stated_by_name(tmp_path: Path) -> None:
    one = replace(GRAMMAR, record="json", delimiter="", protected=())
    overrides, types = load_overrides(saved(tmp_path, to_toml(one)))
    assert (overrides.columns, types) == (None, {})
    assert overrides.types_of("") == {"phone": FieldType.PHONE, "full name": FieldType.FULL_NAME}


def test_a_type_that_is_stated_by_name_holds_wherever_the_column_stands() -> None:
    cells = pl.DataFrame({"a": ["x"] * 9, "b": ["y"] * 9})
    given = Overrides(
        tables=(StatedTable("users", (("second", FieldType.EMPLOYER), ("gone", FieldType.AGE))),)
    )
    users = replace(GRAMMAR, record="sql", table="users", header=True)
    first, second = typed(users, cells, ["first", "second"], given).grammar.columns
    assert (second.type, second.confidence, second.alternatives) == (FieldType.EMPLOYER, 1.0, ())
    assert first.confidence < 1
    other = typed(replace(users, table="other"), cells, ["first", "second"], given).grammar.columns
    assert other[1].type is not FieldType.EMPLOYER


@pytest.mark.parametrize(
    "text",
    [
        "tables = 7",
        "tables = [7]",
        "[[tables]]\ncolumns = []",
        "[[tables]]\nname = 7",
        '[[tables]]\nname = "a"\nrows = 7',
        '[[tables]]\nname = "a"\n[[tables]]\nname = "a"',
        '[[tables]]\nname = "a"\ncolumns = [{name = "x"}]',
        '[[tables]]\nname = "a"\ncolumns = [{type = "shoe_size"}]',
        "a = " + "[" * 5000,
    ],
)
def test_tables_that_cannot_mean_anything_are_refused_with_advice(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_overrides(saved(tmp_path, text))
    assert caught.value.hint
