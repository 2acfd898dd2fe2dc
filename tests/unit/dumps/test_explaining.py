"""Why a text is read as it is, without any of the text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps.explaining import Explanation, explanations
from floodmark.dumps.header_evidence import header_evidence
from floodmark.errors import FloodmarkError

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
PEOPLE = [
    f"+2010{10_000_000 + n};Omar{'abcdefghij'[n % 10]} Said;u{n}@example.org;{n % 28 + 1}.03.1984"
    for n in range(200)
]
TEXTS = sorted(path for path in CORPUS.iterdir() if path.is_file() and path.suffix not in {".json", ".md"})


def explained(path: Path, **overrides: object) -> Explanation:
    (found,) = explanations(path, **overrides)
    return found


def written(folder: Path, lines: list[str], header: str = "") -> Path:
    path = folder / "people.txt"
    path.write_text("\n".join([*([header] if header else []), *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_text_of_the_corpus_is_explained_with_one_kind_chosen(path: Path) -> None:
    try:
        found = list(explanations(path))
    except FloodmarkError:
        return  # what cannot be read has no grammar to explain
    for one in found:
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
@settings(max_examples=40, deadline=None)
def test_any_bytes_are_explained_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes"
    path.write_bytes(data)
    try:
        for one in explanations(path):
            json.dumps(one.to_dict())
    except FloodmarkError as error:
        assert error.hint
