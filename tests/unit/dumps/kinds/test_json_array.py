"""JSON texts that are not one object a line."""

from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps.kinds import json_array
from floodmark.dumps.kinds.json_array import JsonTexts
from floodmark.dumps.overrides import Overrides
from floodmark.errors import NoGrammar

from .reading import accounting, likeness, read, sample_of, survives, tables

KIND = JsonTexts()
PEOPLE = [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bob"}, {"id": 3, "name": "Çiğ"}]
ROWS = [("1", "Ada"), ("2", "Bob"), ("3", "Çiğ")]


def text_of(value: object, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode()


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    ("value", "table"),
    [
        (PEOPLE, ""),
        ({"ok": True, "data": {"total": 3, "users": PEOPLE}}, "data.users"),
        ([{"type": "header"}, {"type": "table", "name": "t", "data": PEOPLE * 7}], "data"),
    ],
)
def test_members_of_a_list_are_records_wherever_the_list_is(
    value: object, table: str, indent: int | None
) -> None:
    found = tables(KIND, text_of(value, indent))
    assert list(found) == [table]
    assert found[table].columns == ["id", "name"]
    assert found[table].rows()[:3] == ROWS


def test_members_of_an_object_are_records_with_their_key() -> None:
    found = tables(KIND, text_of({"u1": PEOPLE[0], "u2": PEOPLE[1], "u3": PEOPLE[2]}))[""]
    assert found.columns == ["key", "id", "name"]
    assert found["key"].to_list() == ["u1", "u2", "u3"]


def test_an_inner_key_of_that_name_keeps_its_column() -> None:
    found = tables(KIND, text_of({"u1": {"key": "a", "n": 1}, "u2": {"key": "b", "n": 2}}))[""]
    assert found.rows() == [("u1", "a", "1"), ("u2", "b", "2")]
    assert found.columns == ["key", "key_2", "n"]


@pytest.mark.parametrize("between", [b"\n", b" ", b"", b",\n", b"\x1e"])
def test_objects_one_after_the_other_are_records(between: bytes) -> None:
    found = tables(KIND, between.join(text_of(person, 1) for person in PEOPLE))[""]
    assert found.rows() == ROWS


def test_lists_in_a_list_are_records_and_the_first_may_name_the_columns() -> None:
    rows = [["id", "name", "email"], [1, "Ada", "ada@mail.example"], [2, "Bob", "bob@mail.example"]]
    named = read(KIND, text_of(rows))
    assert named[0].frame.columns == rows[0]
    assert named[0].named
    assert named[0].frame.height == 2
    assert [span.reason for span in named[0].spans] == ["envelope", "header", "envelope"]
    nameless = read(KIND, text_of(rows[1:]))[0]
    assert nameless.frame.height == 2
    assert not nameless.named


def test_single_values_are_records_of_one_column() -> None:
    batch = read(KIND, b'["a@mail.example", "b@mail.example", 3, null]')[0]
    assert batch.frame.rows() == [("a@mail.example",), ("b@mail.example",), ("3",), ("",)]
    assert not batch.named


@pytest.mark.parametrize(
    "before", [b"var users = ", b"callback(", b"window.x.y = ", b")]}'\n", b"// made\n", b"/* made */ "]
)
def test_what_javascript_puts_before_json_is_skipped(before: bytes) -> None:
    text = before + text_of(PEOPLE) + b");"
    assert likeness(KIND, text) > 0.9
    assert tables(KIND, text)[""].rows() == ROWS
    assert accounting(KIND, text).of("skipped", "envelope").offsets[0] == 0


def test_several_lists_are_several_tables() -> None:
    orders = [{"order": i, "sum": "9.90"} for i in range(4)]
    found = tables(KIND, text_of({"users": PEOPLE, "page": 1, "orders": orders}))
    assert {name: frame.columns for name, frame in found.items()} == {
        "users": ["id", "name"],
        "orders": ["order", "sum"],
    }
    assert found["orders"].height == 4


def test_values_beside_the_records_are_frame_and_objects_beside_them_are_a_table() -> None:
    found = tables(KIND, text_of({"meta": {"page": 1, "of": 2}, "users": PEOPLE, "more": {"a": {"n": 1}}}))
    assert list(found) == ["users", "more"]
    assert found["more"].rows() == [("a", "1")]


def test_a_table_that_the_sample_does_not_reach_has_its_own_columns() -> None:
    value = {"users": PEOPLE * 3_000, "orders": [{"order": 1}, {"order": 2}]}
    found = tables(KIND, text_of(value))
    assert found["users"].height == 9_000
    assert found["orders"].rows() == [("1",), ("2",)]


def test_keys_that_could_be_identifiers_name_no_table() -> None:
    value = {f"+44770090000{i}": [{"msg": "a"}, {"msg": "b"}] for i in range(5)}
    assert list(tables(KIND, text_of({"by_phone": value}))) == ["by_phone.*"]


def test_nested_values_are_flat_and_numbers_stay_as_written() -> None:
    text = b'[{"id": 100000000000000000001, "at": {"city": "Rome"}, "x": [1.50, "a"]}, {"id": 1e3}]'
    found = tables(KIND, text)[""]
    assert found.columns == ["id", "at.city", "x"]
    assert found.rows() == [("100000000000000000001", "Rome", '[1.50, "a"]'), ("1e3", "", "")]


@pytest.mark.parametrize("size", [1, 7, 64])
def test_it_does_not_matter_in_which_pieces_a_text_arrives(size: int) -> None:
    value = {"meta": {"n": "[{"}, "users": [{**p, "note": 'a\\"}],[{\\\\'} for p in PEOPLE * 3]}
    text = text_of(value, 1)
    assert tables(KIND, text, size)["users"].equals(tables(KIND, text)["users"])
    assert tables(KIND, text)["users"]["note"][0] == 'a\\"}],[{\\\\'


@pytest.mark.parametrize(
    "damaged",
    [
        b'{"id": 2, "name": "Bo"b"}',
        b'{"id": 2, "name": "Bob}',
        b'{"id": 2, "name": Bob"}',
        b'{"id": 2, "name": "Bob"',
        b'{"id": 2, "name": "Bob"]',
        b'{"id": 2, "name" "Bob"}',
        b'{"id": 2, "name": ["Bob"}',
        b'{"id": 2 "name": "Bob"}',
        b'{"id": 2, "id": 3}',
        b'{"id": 2, "name": "\xff"}',
        b'{"id": 2, "name": "\x00"}',
        b"{" * 600,
    ],
)
def test_damage_costs_one_record(damaged: bytes) -> None:
    others = [text_of({"id": i, "name": f"n{i}"}) for i in range(10)]
    text = b"[" + b",\n".join([*others[:5], damaged, *others[5:]]) + b"]"
    total = accounting(KIND, text)
    assert total.records == 10
    assert total.bytes["quarantined"] in range(len(damaged), len(damaged) + 4)


def test_one_bracket_too_many_costs_one_record() -> None:
    text = b'[{"id":1},{"id":2}},{"id":3},{"id":4}]'
    assert tables(KIND, text)[""]["id"].to_list() == ["1", "3", "4"]


def test_damage_everywhere_takes_no_longer_than_its_length() -> None:
    text = b"[" + b'{"id":1},' * 100 + b'{"id":]' * 100_000 + b'{"id":2}]'
    total = accounting(KIND, text)
    assert total.total_bytes == len(text)
    assert total.bytes["quarantined"] > 500_000


@pytest.mark.parametrize("mark", [b"[", b'{"a":', b'[{"a":'])
def test_deep_nesting_is_set_aside(mark: bytes) -> None:
    text = b'[{"id":1},{"id":' + mark * 100_000 + b'}},{"id":2},{"id":3}]'
    total = accounting(KIND, text)
    assert total.records >= 1
    assert total.bytes["quarantined"] > 90_000
    survives(KIND, mark * 100_000)


def test_a_record_too_long_to_hold_is_counted_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_array, "LINE_LIMIT", 5_000)
    inner = b",".join(b'{"id":%d}' % i for i in range(1000))
    long = b'{"id":"x","friends":[' + inner + b'],"note":"' + b'\\"[{,' * 2_000 + b'"}'
    text = b'[{"id":1},' + b'{"id":5},' * 300 + long + b',{"id":2},{"id":3}]'
    size = len(text)
    total = accounting(KIND, text, 700)
    assert total.records == 303
    assert total.of("quarantined", "line-too-long").bytes in range(len(long), len(long) + 3)
    assert total.total_bytes == size


def test_an_unknown_key_is_dropped_and_counted() -> None:
    text = text_of([*PEOPLE * 3_000, {"id": 4, "name": "D", "new": 1}])
    assert accounting(KIND, text).of("repaired", "unknown-key-dropped").lines == 1


def test_json_lines_are_left_to_the_reader_of_lines() -> None:
    lines = b"\n".join(text_of(person) for person in PEOPLE)
    assert likeness(KIND, lines) == 0
    assert likeness(KIND, text_of({"users": PEOPLE})) > 0.9


@pytest.mark.parametrize(
    "text", [b"", b"a,b\n1,2\n", b"{not json}", b"[]", b"[Section]\nkey=1\n", b"{}", b"[[[["]
)
def test_what_is_no_json_with_records_is_not_taken_for_it(text: bytes) -> None:
    assert likeness(KIND, text) <= 0.5


def test_a_text_without_records_has_no_grammar() -> None:
    with pytest.raises(NoGrammar):
        KIND.reader(sample_of(b"[{},{}]"), "lf", Overrides())


def test_a_text_cut_off_anywhere_loses_no_byte() -> None:
    value = {"ok": 1, "a": [{"id": 1, "n": 'x"\\é', "t": [{"y": None}]}, {"id": 2}], "b": {"k": {"n": 5}}}
    for text in (text_of(value), text_of(value, 1), b"x=" + text_of(PEOPLE), text_of([[1, "a"], [2, "b"]])):
        for stop in range(len(text)):
            survives(KIND, text[:stop])


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_survived(text: bytes) -> None:
    survives(KIND, text)
    survives(KIND, b'[{"id":1},' + text + b',{"id":2},{"id":3}]')


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from([b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b'"a"', b"1", b"\n"]), max_size=40
    )
)
def test_any_marks_are_survived(marks: list[bytes]) -> None:
    survives(KIND, b"".join(marks))
    survives(KIND, b'{"u":[{"id":1},' + b"".join(marks) + b',{"id":2}]}')


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(values, min_size=2, max_size=8), st.sampled_from([None, 1]), st.booleans(), st.integers(1, 50)
)
def test_records_are_those_of_the_json_module(
    notes: list[object], indent: int | None, ascii_only: bool, size: int
) -> None:
    people = [{"id": i, "note": {"is": note}} for i, note in enumerate(notes)]
    text = json.dumps(people, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "replace")
    found = tables(KIND, text, size)[""]
    assert found["id"].to_list() == [str(i) for i in range(len(notes))]
    plain = [i for i, note in enumerate(notes) if isinstance(note, str)]
    expected = [str(notes[i]).encode("utf-8", "replace").decode() for i in plain]
    assert "note.is" not in found.columns or pl.Series(found["note.is"].gather(plain)).to_list() == expected
