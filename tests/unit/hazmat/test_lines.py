"""The lines at an offset, whatever the text is."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.hazmat import NoSuchPlace, RawLine
from floodmark.hazmat import lines as room
from floodmark.hazmat.lines import lines_at


def at(text: bytes, offset: int, count: int = 1, codec: str = "utf-8") -> list[bytes]:
    return [line.data for line in lines_at(BytesIO(text).read, offset, count, codec)]


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=8), max_size=12),
    st.data(),
)
def test_every_offset_leads_to_the_line_that_it_lies_in(parts: list[str], data: st.DataObject) -> None:
    for codec in ("utf-8", "utf-16-le", "utf-32-be"):
        lines = [(part + "\n").encode(codec) for part in parts]
        text = b"".join(lines)
        if not text:
            continue
        offset = data.draw(st.integers(0, len(text) - 1))
        count = data.draw(st.integers(1, 5))
        starts = [sum(map(len, lines[:n])) for n in range(len(lines))]
        first = max(n for n, start in enumerate(starts) if start <= offset)
        found = lines_at(BytesIO(text).read, offset, count, codec)
        assert [(line.start, line.data.decode(codec)) for line in found] == [
            (starts[n], parts[n]) for n in range(first, min(first + count, len(parts)))
        ]


@given(
    st.binary(max_size=300), st.integers(0, 400), st.integers(1, 4), st.sampled_from(["utf-8", "utf-16-le"])
)
def test_lines_of_any_bytes_are_stretches_of_them(text: bytes, offset: int, count: int, codec: str) -> None:
    try:
        found = lines_at(BytesIO(text).read, offset, count, codec)
    except NoSuchPlace:
        assert offset >= len(text)
        return
    assert 1 <= len(found) <= count
    for line in found:
        assert text[line.start : line.start + len(line.data)] == line.data
    assert found[0].start <= offset


def test_carriage_returns_end_lines_where_no_line_feed_does() -> None:
    assert at(b"one\rtwo\rthree", 4, 2) == [b"two", b"three"]
    assert at(b"one\rtwo\nthree", 4) == [b"one\rtwo"]
    assert at(b"one\r\ntwo\r\n", 0, 3) == [b"one", b"two"]


def test_a_long_line_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = lines_at(BytesIO(b"x" * 9000 + b"\n").read, 0, 1, "utf-8")
    assert (len(line.data), line.cut) == (room.LONGEST, True)
    monkeypatch.setattr(room, "AFTER", 100)
    monkeypatch.setattr(room, "LONGEST", 4096)
    (line,) = lines_at(BytesIO(b"x" * 9000).read, 0, 1, "utf-8")
    assert (len(line.data), line.cut) == (100, True)


def test_a_line_that_begins_too_far_before_is_shown_from_the_offset_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "BEFORE", 64)
    (line,) = lines_at(BytesIO(b"x" * 1000 + b"here\nnext").read, 1000, 1, "utf-8")
    assert (line.start, line.data) == (1000, b"here")


def test_a_text_of_any_size_is_read_in_pieces_of_a_megabyte() -> None:
    asked: list[int] = []

    def read(size: int) -> bytes:
        asked.append(size)
        return b"\0" * size

    (line,) = lines_at(read, 1 << 30, 1, "utf-8")
    assert line.cut
    assert max(asked) <= 1 << 20
    assert sum(asked) <= (1 << 30) + room.AFTER


@pytest.mark.parametrize("offset", [3, 10**18])
def test_an_offset_beyond_the_end_is_said(offset: int) -> None:
    with pytest.raises(NoSuchPlace):
        at(b"abc", offset)


def test_the_representation_of_a_line_does_not_show_it() -> None:
    assert "secret" not in repr(RawLine(7, b"secret"))
    assert "secret" not in repr((RawLine(7, b"secret"),))
