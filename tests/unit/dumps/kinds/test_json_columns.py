"""Records that are built alike, read at once: exactly what reading them one by one gives."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps.chunks import Lines
from floodmark.dumps.fates import Fates
from floodmark.dumps.kinds.json_columns import FEW, gather_members
from floodmark.dumps.kinds.json_records import read_members
from floodmark.dumps.kinds.json_skeleton import Group
from floodmark.dumps.kinds.json_tokens import tokens
from floodmark.dumps.kinds.keyed import gather, shape_of


def both(records: list[bytes]) -> tuple[pl.DataFrame, list[int]]:
    """Frame and fates of records read at once, which are those of records read one by one."""
    texts = [record + b",\n" for record in records]
    data = b"".join(texts)
    ends = np.cumsum([len(text) for text in texts]).astype(np.int64)
    lines = Lines(np.concatenate([[0], ends[:-1]]).astype(np.int64), ends, ends)
    shape = shape_of([cells for cells in read_members(texts, False) if not isinstance(cells, str)])
    assert shape is not None
    quick, slow = Fates(0, lines), Fates(0, lines)
    places = list(range(len(texts)))
    frame = gather_members(data, quick, np.array(places), False, shape)
    expected = gather(read_members(texts, False), places, slow, shape)
    assert frame.equals(expected)
    assert quick.fates.tolist() == slow.fates.tolist()
    assert [quick.names[i] for i in quick.reasons] == [slow.names[i] for i in slow.reasons]
    return frame, quick.fates.tolist()


def usual(number: int, name: str = "Ada") -> bytes:
    return json.dumps({"id": number, "name": name, "at": {"city": "Rome", "zip": None}, "ok": True}).encode()


@pytest.mark.parametrize(
    "odd",
    [
        b'{"id": 1, "name": "a", "at": {"city": "b", "zip": 1.50e3}, "ok": false}',
        b'{"id":1,"name":"a","at":{"city":"b","zip":1},"ok":1}',
        b'{ "id" : 1 , "name" : "a" , "at" : { "city" : "b" , "zip" : null } , "ok" : 1 }',
        b'{\n\t"id": 1,\r\n "name": "a", "at": {"city": "b", "zip": null\n}, "ok": 1\n}',
        b'{"id": 01, "name": "a", "at": {"city": "b", "zip": null}, "ok": true}',
        b'{"id": 1 2, "name": "a", "at": {"city": "b", "zip": null}, "ok": true}',
        b'{"id": , "name": "a", "at": {"city": "b", "zip": null}, "ok": true}',
        b'{"id": NaN, "name": "null", "at": {"city": "b", "zip": null}, "ok": nul}',
        b'{"id": 1, "name": x"a", "at": {"city": "b", "zip": null}, "ok": true}',
        b'{"id": 1, "name": "a"x, "at": {"city": "b", "zip": null}, "ok": true}',
        b'{"id": 1, x"name": "a", "at": {"city": "b", "zip": null}, "ok": true}',
        b'x{"id": 1, "name": "a", "at": {"city": "b", "zip": null}, "ok": true}',
        b'{"id": 1, "name": "a", "at": {"city": "b", "zip": null}, "ok": true}x',
        b'{"id": 1, "name": "a", "at": {"city": "b", "zip": null}x, "ok": true}',
        b'{"id": 1, "name": "a", "at": {"city": "b", "zip": null}, "xx": true}',
        b'{"id": 1, "id": "a", "at": {"city": "b", "zip": null}, "ok": true}',
        b'{"i\\u0064": 1, "name": "a", "at": {"city": "b", "zip": null}, "ok": true}',
        b'{"id": 1, "name": "\\ud800\\u00e9\\/\\"", "at": {"city": "b", "zip": null}, "ok": true}',
        b'{"id": 1, "name": "\\x", "at": {"city": "b", "zip": null}, "ok": true}',
        b'{"id": 1, "name": "a\nb", "at": {"city": "b", "zip": null}, "ok": true}',
        b'{"id": 1, "name": "a\x1fb", "at": {"city": "b", "zip": null}, "ok": true}',
        b'{"id": 1, "name": "a", "at": {}, "ok": true}',
        b'{"id": 1, "name": "a", "at": {"city": "b", "zip": []}, "ok": true}',
        b'{"id": 1, "name": "a", "at": "b", "ok": true}',
        b'{"id": 1, "name": "", "at": {"city": "", "zip": ""}, "ok": ""}',
        '{"id": 1, "name": "Çiğdem", "at": {"city": "東京", "zip": null}, "ok": true}'.encode(),
        b"{}",
        b"[1]",
        b"7",
    ],
)
@pytest.mark.parametrize("at", [0, 20, 40])
def test_an_odd_record_among_usual_ones_is_read_as_if_it_were_alone(odd: bytes, at: int) -> None:
    records = [usual(number) for number in range(40)]
    records.insert(at, odd)
    both(records)
    both([odd] * 40 + records)


def test_usual_records_are_read_at_once() -> None:
    data = b",\n".join(usual(number) for number in range(FEW)) + b",\n"
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == 10) + 1
    looked_at, found = Group(data, ends, tokens(data)).alike(np.arange(FEW))
    assert found is not None
    assert found.keys == ("id", "name", "at.city", "at.zip", "ok")
    assert looked_at.tolist() == found.records.tolist() == list(range(FEW))


def test_bytes_that_are_no_text_are_told_record_by_record() -> None:
    records = [usual(number) for number in range(40)]
    _, fates = both(
        [*records, usual(1).replace(b"Ada", b"A\xff"), usual(1).replace(b"Ada", b"A\0"), *records]
    )
    assert sum(fate > 0 for fate in fates) == 2


def test_records_of_several_builds_are_each_read_at_once_in_the_order_of_the_text() -> None:
    builds = [
        b'{"id":%d}',
        b'{"id":%d,"a":"x"}',
        b'{"a":"y","id":%d}',
        b'{"id":%d,"b":{"c":1}}',
        b'{"id":%d,"t":[1]}',
    ]
    frame, _ = both([builds[number * 7 % 5] % number for number in range(400)])
    assert frame["id"].to_list() == [str(number) for number in range(400)]


values = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6), st.just([]), st.just({}))
people = st.fixed_dictionaries(
    {"id": values, "name": st.text(max_size=6)},
    optional={"at": st.fixed_dictionaries({"x": values}), "z": values},
)


@settings(max_examples=60, deadline=None)
@given(st.lists(people, min_size=FEW, max_size=50), st.booleans(), st.sampled_from([None, 1]))
def test_any_records_are_read_as_if_they_were_alone(
    records: list[dict[str, object]], ascii_only: bool, indent: int | None
) -> None:
    written = [json.dumps(record, ensure_ascii=ascii_only, indent=indent) for record in records]
    both([text.encode("utf-8", "replace") for text in written])
