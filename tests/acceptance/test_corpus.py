"""The reader against small files written by hand from descriptions of formats (`tests/corpus/README.md`)."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import zstandard

from floodmark import dumps
from floodmark.dumps.accounting import Accounting
from floodmark.dumps.grammar import Grammar

CORPUS = Path(__file__).parents[1] / "corpus"
TRUTHS: dict[str, dict[str, Any]] = {
    path.name.removesuffix(".truth.json"): json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(CORPUS.glob("*.truth.json"))
}
READ = list(TRUTHS)
LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


@dataclass(frozen=True)
class Reading:
    """A file read to its end: rows are tuples of cells, null made empty text."""

    grammar: Grammar
    accounting: Accounting
    rows: list[tuple[str, ...]]
    heights: int
    headings: list[list[str]]


@cache
def reading(name: str) -> Reading:
    dump = dumps.read(CORPUS / name)
    frames = list(dump.batches())
    return Reading(
        dump.grammar,
        dump.accounting,
        [tuple(cell or "" for cell in row) for frame in frames for row in frame.iter_rows()],
        sum(frame.height for frame in frames),
        [frame.columns for frame in frames],
    )


@cache
def text_of(name: str) -> bytes:
    raw = (CORPUS / name).read_bytes()
    if name.endswith(".gz"):
        return gzip.decompress(raw)
    return zstandard.ZstdDecompressor().decompressobj().decompress(raw) if name.endswith(".zst") else raw


def within(found: int, truth: int | list[int]) -> bool:
    low, high = (truth, truth) if isinstance(truth, int) else truth
    return low <= found <= high


def same(found: str, truth: Any) -> bool:
    if isinstance(truth, list):
        return bool(json.loads(found) == truth[1])
    return bool(found == (truth or ""))


def test_every_file_of_the_corpus_has_its_truth() -> None:
    files = {path.name for path in CORPUS.iterdir() if path.is_file()} - {"README.md", ".gitattributes"}
    assert {name for name in files if not name.endswith(".truth.json")} == set(TRUTHS)
    assert len(TRUTHS) >= 24


@pytest.mark.parametrize("name", READ)
def test_the_grammar_is_the_one_written_down(name: str) -> None:
    grammar, truth = reading(name).grammar, TRUTHS[name]["grammar"]
    found = {key: getattr(grammar, key) for key in truth if key != "encoding"}
    assert found == {key: value for key, value in truth.items() if key != "encoding"}
    assert grammar.encoding in truth["encoding"]
    assert 0 <= grammar.confidence <= 1


@pytest.mark.parametrize("name", READ)
def test_there_are_as_many_columns_as_written_down_and_they_have_the_names_of_the_header(name: str) -> None:
    found, truth = reading(name), TRUTHS[name]
    assert len(found.grammar.columns) == truth["columns"]
    assert [column.index for column in found.grammar.columns] == list(range(truth["columns"]))
    assert len(set(found.grammar.names)) == truth["columns"]
    if "names" in truth:
        assert found.grammar.names == truth["names"]


@pytest.mark.parametrize("name", [name for name in READ if "types" in TRUTHS[name]])
def test_column_types_are_right_or_unknown_where_content_cannot_tell(name: str) -> None:
    found = [column.type.label for column in reading(name).grammar.columns]
    wrong = {
        index: (label, allowed)
        for index, (label, allowed) in enumerate(zip(found, TRUTHS[name]["types"], strict=True))
        if label not in allowed
    }
    assert wrong == {}


@pytest.mark.parametrize("name", READ)
def test_lines_and_records_are_counted_as_written_down(name: str) -> None:
    accounting, truth = reading(name).accounting, TRUTHS[name]
    assert accounting.total_lines == truth["lines"]["total"]
    wrong = {
        fate: (accounting.lines[fate], allowed)
        for fate, allowed in truth["lines"].items()
        if fate != "total" and not within(accounting.lines[fate], allowed)
    }
    assert wrong == {}
    assert within(accounting.records, truth["records"])


@pytest.mark.parametrize("name", READ)
def test_fates_partition_the_text_and_batches_hold_every_record(name: str) -> None:
    found, size = reading(name), TRUTHS[name]["text_bytes"]
    assert len(text_of(name)) == size
    assert found.accounting.total_bytes == size
    assert found.heights == found.accounting.records
    assert all(heading == found.grammar.names for heading in found.headings)
    for fate, reasons in found.accounting.reasons.items():
        assert sum(tally.lines for tally in reasons.values()) == found.accounting.lines[fate]
        assert sum(tally.bytes for tally in reasons.values()) == found.accounting.bytes[fate]


@pytest.mark.parametrize("name", [name for name in READ if "fates" in TRUTHS[name]])
def test_damaged_lines_are_found_at_their_offsets(name: str) -> None:
    starts, offset = [], 0
    for line in LINE.findall(text_of(name)):
        starts.append(offset)
        offset += len(line)
    reasons = reading(name).accounting.reasons
    fate_of = {
        start: fate
        for fate, tallies in reasons.items()
        for tally in tallies.values()
        for start in tally.offsets
    }
    wrong = {
        number: (fate_of.get(starts[int(number) - 1], "accepted"), allowed)
        for number, allowed in TRUTHS[name]["fates"].items()
        if fate_of.get(starts[int(number) - 1], "accepted") not in allowed
    }
    assert wrong == {}


@pytest.mark.parametrize("name", [name for name in READ if "rows" in TRUTHS[name]])
def test_chosen_records_come_out_cell_for_cell(name: str) -> None:
    rows = reading(name).rows
    for number, truth in TRUTHS[name]["rows"].items():
        assert rows[int(number)] == tuple(cell or "" for cell in truth)


@pytest.mark.parametrize("name", [name for name in READ if {"cells", "never"} & TRUTHS[name].keys()])
def test_chosen_cells_stand_where_they_belong_and_nothing_stands_shifted(name: str) -> None:
    rows = reading(name).rows
    for number, column, truth in TRUTHS[name].get("cells", []):
        assert same(rows[number][column], truth)
    for column, text in TRUTHS[name].get("never", []):
        assert all(row[column] != text for row in rows)


def test_types_given_by_hand_replace_those_inferred() -> None:
    given = "phone profile_id first_name last_name gender location hometown relationship employer"
    labels = [*given.split(), "registered_at", "email", "birth_date"]
    dump = dumps.read(CORPUS / "colon12-usual.txt", columns=labels)
    assert [column.type.label for column in dump.grammar.columns] == labels
    assert sum(frame.height for frame in dump.batches()) == 14


def test_a_delimiter_given_by_hand_replaces_the_one_inferred() -> None:
    dump = dumps.read(CORPUS / "triple-pipe.txt", delimiter="|||")
    assert dump.grammar.delimiter == "|||"
    assert sum(frame.height for frame in dump.batches()) == 10


def test_a_header_given_by_hand_turns_the_first_record_into_names() -> None:
    dump = dumps.read(CORPUS / "two-text-columns.txt", header=True)
    assert dump.grammar.names == ["Aldous Berry", "Old Quay"]
    assert sum(frame.height for frame in dump.batches()) == 10
    assert dump.accounting.lines["skipped"] == 1


def test_iterating_a_dump_is_iterating_its_batches() -> None:
    whole = [frame.rows() for frame in dumps.read(CORPUS / "csv17.csv").batches()]
    assert [frame.rows() for frame in dumps.read(CORPUS / "csv17.csv")] == whole
