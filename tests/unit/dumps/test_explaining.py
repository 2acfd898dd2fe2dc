"""Why a text is read as it is, without any of the text."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps import Unopened, read, to_toml
from floodmark.dumps.explaining import Explanation, explanations
from floodmark.dumps.header_evidence import header_evidence
from floodmark.errors import FloodmarkError, UnknownEncoding, UsageError

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
PEOPLE = [
    f"+2010{10_000_000 + n};Omar{'abcdefghij'[n % 10]} Said;u{n}@example.org;{n % 28 + 1}.03.1984"
    for n in range(200)
]
TEXTS = sorted(path for path in CORPUS.iterdir() if path.is_file() and path.suffix not in {".json", ".md"})


def explained(path: Path, **overrides: object) -> Explanation:
    (found,) = explanations(path, **overrides)
    assert isinstance(found, Explanation)
    return found


def written(folder: Path, lines: list[str], header: str = "") -> Path:
    path = folder / "people.txt"
    path.write_text("\n".join([*([header] if header else []), *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("path", TEXTS[::4], ids=lambda path: path.name)
def test_a_text_of_the_corpus_is_explained_with_one_kind_chosen(path: Path) -> None:
    try:
        found = list(explanations(path))
    except FloodmarkError:
        return  # what cannot be read has no grammar to explain
    for one in found:
        assert isinstance(one, Explanation)
        assert [kind.record for kind in one.kinds if kind.chosen] == [one.grammar.record]
        assert all(0 <= kind.confidence <= 1 and kind.reason for kind in one.kinds)
        assert sum(way.chosen for way in one.delimiters) == (one.grammar.record == "delimited")
        assert json.loads(json.dumps(one.to_dict()))["record"] == one.grammar.record


def test_the_chosen_delimiter_comes_first_and_runners_up_say_why_they_lost(tmp_path: Path) -> None:
    first, *others = explained(written(tmp_path, PEOPLE)).delimiters
    assert (first.delimiter, first.columns, first.chosen, first.evenness) == (";", 4, True, 1.0)
    assert others
    assert all(not one.chosen and one.reason for one in others)
    assert any(one.confidence is not None for one in others)


def test_a_header_is_explained_by_names_that_are_known(tmp_path: Path) -> None:
    found = explained(written(tmp_path, PEOPLE, "Telefon;Name;E-Mail;Geburtsdatum"))
    assert found.grammar.header
    assert found.header is not None
    assert (found.header.cells, found.header.exact, found.header.data) == (4, 4, 0)
    record = explained(written(tmp_path, PEOPLE)).header
    assert record is not None
    assert (record.exact, record.data) == (0, 3)


def test_every_column_has_the_types_that_lost(tmp_path: Path) -> None:
    made = explained(written(tmp_path, PEOPLE)).to_dict()
    columns = made["tables"][0]["columns"]
    assert [column["type"] for column in columns] == ["phone", "full_name", "email", "birth_date"]
    assert any(column["alternatives"] for column in columns)


def test_what_was_stated_is_said_to_be_chosen(tmp_path: Path) -> None:
    found = explained(written(tmp_path, PEOPLE), delimiter="")
    assert [one.delimiter for one in found.delimiters if one.chosen] == [""]


def test_no_cell_of_the_text_is_in_an_explanation(tmp_path: Path) -> None:
    text = json.dumps(explained(written(tmp_path, PEOPLE)).to_dict(), ensure_ascii=False)
    for cell in ("2010", "Omar", "Said", "@"):
        assert cell not in text


def test_an_empty_first_record_has_nothing_in_it() -> None:
    found = header_evidence(["", " "])
    assert (found.cells, found.filled, found.exact, found.data) == (2, 0, 0, 0)


@given(st.binary(max_size=400) | st.text("a1@;,:|\"'{}[]<>\n\r\t", max_size=400).map(str.encode))
@settings(max_examples=25, deadline=None)
def test_any_bytes_are_explained_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes"
    path.write_bytes(data)
    try:
        for one in explanations(path):
            assert json.dumps(one.to_dict()) if isinstance(one, Explanation) else one.problem.hint
    except FloodmarkError as error:
        assert error.hint


def test_every_member_of_an_archive_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "set.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("people.txt", "\n".join(PEOPLE))
        archive.writestr("more/people.jsonl", "\n".join(f'{{"mail": "u{n}@example.org"}}' for n in range(50)))
        archive.writestr("noise.bin", bytes(range(256)) * 40)
    found = {one.label: one for one in explanations(path)}
    records = {one.label: one.grammar.record for one in found.values() if isinstance(one, Explanation)}
    assert records == {"set.zip/people.txt": "delimited", "set.zip/more/people.jsonl": "jsonl"}
    assert isinstance(found["set.zip/noise.bin"], Unopened)
    (one,) = explanations(path, member="more/people.jsonl")
    assert one == found["set.zip/more/people.jsonl"]
    with pytest.raises(UsageError, match="no such member"):
        list(explanations(path, member="other"))
    with pytest.raises(UnknownEncoding):
        list(explanations(path, member="noise.bin"))


def test_every_table_of_a_database_is_explained_and_can_be_stated(tmp_path: Path) -> None:
    path, stated = tmp_path / "shop.sql", tmp_path / "shop.toml"
    text = "CREATE TABLE users (id int, mobile text);\nCREATE TABLE orders (number int, code text);\n"
    text += "".join(f"INSERT INTO users VALUES ({n}, '+2010{10_000_000 + n}');\n" for n in range(60))
    text += "".join(f"INSERT INTO orders VALUES ({n}, 'x{n}');\n" for n in range(60))
    path.write_text(text)
    found = explained(path)
    assert [one.table for one in found.grammars] == ["users", "orders"]
    assert found.kinds[0].record == "sql"
    stated.write_text(to_toml(*found.grammars))
    assert [one.names for one in explained(path, grammar=stated).grammars] == [
        one.names for one in found.grammars
    ]
    stated.write_text(
        'record = "sql"\n[[tables]]\nname = "orders"\ncolumns = [{ name = "code", type = "postcode" }]\n'
    )
    users, orders = explained(path, grammar=stated).grammars
    assert [(one.name, one.type.label, one.confidence) for one in orders.columns][1] == (
        "code",
        "postcode",
        1.0,
    )
    assert users.columns[1].type.label == "phone"


def test_a_table_that_is_met_late_is_read_as_stated(tmp_path: Path) -> None:
    path, stated = tmp_path / "shop.sql", tmp_path / "shop.toml"
    text = "".join(f"INSERT INTO users (mail) VALUES ('u{n}@example.org');\n" for n in range(40_000))
    path.write_text(text + "".join(f"INSERT INTO orders (code) VALUES ('x{n}');\n" for n in range(50)))
    stated.write_text(
        'record = "sql"\n[[tables]]\nname = "orders"\ncolumns = [{ name = "code", type = "postcode" }]\n'
    )
    dump = read(path, grammar=stated)
    assert sum(frame.height for frame in dump.batches()) == 40_050
    (orders,) = (table for table in dump.tables.values() if table.grammar.table == "orders")
    assert [column.type.label for column in orders.grammar.columns] == ["postcode"]


def test_a_workbook_is_told_by_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    pl.DataFrame({"mail": [f"u{n}@example.org" for n in range(50)]}).write_parquet(path)
    found = explained(path)
    assert [(one.record, one.chosen) for one in found.kinds] == [("parquet", True)]
    assert [column.type.label for column in found.grammar.columns] == ["email"]
