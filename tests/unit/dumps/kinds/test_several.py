"""Several tables in one small text."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps.encodings import Encoding
from floodmark.dumps.fates import Batch
from floodmark.dumps.kinds.several import SeveralTables
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import Sample
from floodmark.errors import FloodmarkError, NoGrammar

TWO = b"Adults\nname,age\nAlder,34\nBirch,51\n\nChildren\nname,class\nElm,2\nFir,3\nYew,3\n"


def sample(text: bytes, complete: bool = True) -> Sample:
    return Sample(text, (), "plain", Encoding("utf-8", False), complete)


def batches(text: bytes, start: int = 0, newline: str = "lf") -> list[Batch]:
    reader = SeveralTables().reader(sample(text), newline, Overrides())
    return [b for chunk in reader.chunks(BytesIO(text).read, start) for b in reader.split(chunk)]


def likeness(text: bytes, complete: bool = True) -> float:
    return SeveralTables().likeness(sample(text, complete), Overrides()).confidence


@pytest.mark.parametrize(("end", "newline"), [(b"\n", "lf"), (b"\r\n", "crlf")])
def test_each_table_has_its_own_columns_and_records(end: bytes, newline: str) -> None:
    text = TWO.replace(b"\n", end)
    found = {batch.table: batch.frame for batch in batches(text, newline=newline) if batch.frame.height}
    assert {name: frame.columns for name, frame in found.items()} == {
        "1": ["name", "age"],
        "2": ["name", "class"],
    }
    assert found["1"].rows() == [("Alder", "34"), ("Birch", "51")]
    assert found["2"].rows() == [("Elm", "2"), ("Fir", "3"), ("Yew", "3")]


@pytest.mark.parametrize("start", [0, 3])
def test_the_batches_hold_every_byte_once(start: int) -> None:
    found = batches(TWO, start)
    assert sum(b.accepted_bytes + sum(span.size for span in b.spans) for b in found) == len(TWO)
    assert found[0].start == start
    assert all(span.start >= start for b in found for span in b.spans)


def test_one_table_with_a_title_gaps_and_its_header_again_is_one_table() -> None:
    header = b"name,age\n"
    rows = b"Alder,34\nBirch,51\n"
    for text in (
        b"A title\n\n" + header + rows,
        header + rows + b"\n" + header + rows,
        header + rows + b"\n" + rows,
    ):
        assert likeness(text) == 0
    assert likeness(TWO) > 0.5


def test_a_text_that_the_sample_does_not_hold_whole_is_not_looked_at() -> None:
    assert likeness(TWO, complete=False) == 0


def test_a_text_of_one_table_has_no_such_reader() -> None:
    with pytest.raises(NoGrammar):
        SeveralTables().reader(sample(b"name,age\nAlder,34\n"), "lf", Overrides())


def test_a_text_cut_off_anywhere_is_read_or_refused_and_every_byte_counts() -> None:
    for size in range(len(TWO)):
        text = TWO[:size]
        try:
            found = batches(text)
        except FloodmarkError:
            assert likeness(text) == 0
            continue
        assert sum(b.accepted_bytes + sum(span.size for span in b.spans) for b in found) == size


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([b"a,b\n", b"c,d\n", b"1,2\n", b"\n", b"x\n", b'"', b"\xff", b"\r\n", b"3,4"]))
)
def test_whatever_the_lines_are_every_byte_counts(parts: list[bytes]) -> None:
    text = b"".join(parts)
    try:
        found = batches(text)
    except FloodmarkError:
        return
    assert sum(b.accepted_bytes + sum(span.size for span in b.spans) for b in found) == len(text)
