"""JSON Lines: flat text cells, numbers as written, every line with one fate."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from floodmark.dumps.chunks import LINE_LIMIT
from floodmark.dumps.fates import Batch
from floodmark.dumps.jsonl import MAX_KEYS, key_counts, read_object, split_json

NAMES = ["id", "name"]


def fates(batch: Batch) -> list[tuple[str, str, int, int]]:
    return [(span.kind, span.reason, span.start, span.lines) for span in batch.spans]


# --- one object


@pytest.mark.parametrize(
    "number", ["100000000000000000001", "1.0", "1.50", "-0", "-0.0", "1E5", "1e-7", "0", "9" * 5000]
)
def test_a_number_keeps_the_digits_it_was_written_with(number: str) -> None:
    assert read_object(f'{{"n": {number}}}') == {"n": number}


@pytest.mark.parametrize("written", ["[1, 2.50]", '[{"n": 1e5}]', "[[100000000000000000001]]", '["1", 1]'])
def test_numbers_in_lists_stay_numbers_as_written(written: str) -> None:
    assert read_object(f'{{"a": {written}}}') == {"a": written}


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ('"text"', "text"),
        ('""', ""),
        ("null", ""),
        ("true", "true"),
        ("false", "false"),
        ("[]", "[]"),
        ("{}", "{}"),
        ('["é", null]', '["é", null]'),
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        ('"\\u00e9\\n\\t"', "é\n\t"),
        ('"\\ud83d\\ude00"', "😀"),
    ],
)
def test_every_kind_of_value_is_a_text_cell(value: str, cell: str) -> None:
    assert read_object(f'{{"k": {value}}}') == {"k": cell}


def test_key_counts_nested_objects_are_joined_by_dots() -> None:
    line = '{"a": {"b": {"c": 1}, "d": "x"}, "e": 2}'
    assert read_object(line) == {"a.b.c": "1", "a.d": "x", "e": "2"}


def test_an_object_nested_beyond_the_depth_is_kept_as_json() -> None:
    line = '{"a":' * 12 + '"x"' + "}" * 12
    cells = read_object(line)
    assert cells is not None
    ((key, cell),) = cells.items()
    assert set(key.split(".")) == {"a"}
    assert "x" in cell


@pytest.mark.parametrize("line", ['{"a": "\\ud800"}', '{"\\udfff": "x"}', '{"a": ["\\ud800"]}'])
def test_a_lone_surrogate_becomes_a_text_that_utf_8_can_hold(line: str) -> None:
    cells = read_object(line)
    assert cells is not None
    for text in (*cells, *cells.values()):
        text.encode()
    names = list(key_counts([line]))
    assert split_json(line.encode(), 0, "lf", names).frame.shape == (1, 1)


@pytest.mark.parametrize(
    "line", ["", "[]", "1", '"a"', "null", "{", '{"a":}', '{"a":1} {"b":2}', "{'a':1}", '{"a":' * 100_000]
)
def test_a_line_that_is_not_one_object_is_none(line: str) -> None:
    assert read_object(line) is None


PLAIN = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
KEYS = PLAIN.map(lambda key: key.replace(".", "_"))


@given(
    st.dictionaries(
        KEYS, PLAIN | st.integers() | st.dictionaries(KEYS, st.integers(), min_size=1), max_size=5
    )
)
def test_what_json_writes_is_read_flat(value: dict[str, object]) -> None:
    wanted: dict[str, str] = {}
    for key, inner in value.items():
        wanted |= (
            {f"{key}.{k}": str(v) for k, v in inner.items()} if isinstance(inner, dict) else {key: str(inner)}
        )
    assert read_object(json.dumps(value)) == wanted


# --- keys


def test_keys_are_named_in_order_of_first_sight() -> None:
    assert list(key_counts(['{"b": 1}', "broken", '{"a": {"c": 1}, "b": 2}', "[1]"])) == ["b", "a.c"]


def test_no_more_keys_are_named_than_the_bound() -> None:
    line = json.dumps({f"k{number}": number for number in range(MAX_KEYS + 50)})
    assert list(key_counts([line])) == [f"k{number}" for number in range(MAX_KEYS)]


# --- chunks

GOOD = {b'{"id": 1, "name": "Ada"}': ("1", "Ada"), b'{"name": "Bo"}': ("", "Bo"), b" {} ": ("", "")}
OTHER = [b"", b"  ", b"{", b"[1]", b'{"id": "\xff"}', b'{"id": "\0"}', b'{"id": 2, "more": 3}']


@given(
    st.lists(st.sampled_from([*GOOD, *OTHER]), max_size=10),
    st.sampled_from([("lf", b"\n"), ("crlf", b"\r\n"), ("cr", b"\r")]),
    st.booleans(),
)
@settings(max_examples=60)
@example([], ("lf", b"\n"), True)
def test_every_line_is_a_record_or_in_a_span(
    lines: list[bytes], ends: tuple[str, bytes], last_end: bool
) -> None:
    newline, end = ends
    text = end.join(lines) + (end if last_end else b"")
    batch = split_json(text, 0, newline, NAMES)
    rows = [GOOD.get(line, ("2", "")) for line in lines if line in GOOD or b"more" in line]
    assert batch.frame.rows() == rows
    assert batch.frame.columns == NAMES
    assert batch.accepted_bytes + sum(span.size for span in batch.spans) == len(text)
    repaired = sum(span.lines for span in batch.spans if span.kind == "repaired")
    assert batch.frame.height == batch.accepted_lines + repaired


@pytest.mark.parametrize(
    ("line", "fate"),
    [
        (b"", ("skipped", "blank")),
        (b" \t ", ("skipped", "blank")),
        (b"{", ("quarantined", "not-a-json-object")),
        (b"[]", ("quarantined", "not-a-json-object")),
        (b'{"id": "\xff"}', ("quarantined", "invalid-utf-8-or-nul")),
        (b'{"id": "\0"}', ("quarantined", "invalid-utf-8-or-nul")),
        (b'{"id": "%s"}' % (b"x" * LINE_LIMIT), ("quarantined", "line-too-long")),
        (b'{"other": 1}', ("repaired", "unknown-key-dropped")),
    ],
    ids=["empty", "spaces", "broken", "list", "bad bytes", "nul", "too long", "unknown key"],
)
def test_a_line_that_is_no_whole_record_says_why_and_where(line: bytes, fate: tuple[str, str]) -> None:
    good = b'{"id": 1, "name": "Ada"}\n'
    batch = split_json(good + line + b"\n" + good, 100, "lf", NAMES)
    assert fates(batch) == [(*fate, 100 + len(good), 1)]
    assert batch.accepted_lines == 2


def test_what_is_nested_deeply_is_written_as_it_was() -> None:
    deep = "[" * 400 + '1.50, {"a": [], "b": {}, "c": null}' + "]" * 400
    assert read_object(f'{{"x": {deep}}}') == {"x": deep}
