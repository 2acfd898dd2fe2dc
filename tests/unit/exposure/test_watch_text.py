"""Lines of watch files in any encoding, and in bounded memory."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import NothingToRead, UnknownContainer, UsageError
from floodmark.exposure.watch_text import LONGEST_LINE, WatchText, encoding_of

LATIN = ["Name;E-Mail", *["Jürgen Größe;größe@example.org", "Žofie;zofie@example.org"] * 30]
NAMES = (
    "Анна Иванова,Борис Петров,Виктор Смирнов,Галина Кузнецова,Олег Попов,Елена Соколова,Игорь Орлов".split(
        ","
    )
)
CYRILLIC = ["имя;почта;город", *[f"{name};ada@example.org;Нижний Новгород" for name in NAMES]]


def lines_of(path, encoding=None):
    text = WatchText(path, encoding)
    lines, long, at = [], [], 1
    for block in text.blocks():
        assert block.first == at
        at += block.lines.len()
        lines.extend(block.lines.to_list())
        long.extend(block.too_long)
    return text.encoding, lines, long


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
        ("utf-32-le", "utf-32-le"),
        ("utf-32-be", "utf-32-be"),
        ("cp1252", "cp1252"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_the_same_in_every_encoding_and_with_every_line_end(tmp_path, written, named, end):
    lines = [line.replace("Ž", "Z") for line in LATIN]
    path = tmp_path / "watch.csv"
    path.write_bytes(end.join(lines).encode(written))
    assert lines_of(path) == (named, lines, [])


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_cyrillic_of_one_byte_is_recognised(tmp_path, encoding):
    path = tmp_path / "watch.csv"
    path.write_bytes("\n".join(CYRILLIC).encode(encoding))
    assert lines_of(path)[1] == CYRILLIC


def test_a_stated_encoding_is_used_and_an_unknown_one_refused(tmp_path):
    path = tmp_path / "watch.csv"
    path.write_bytes("東京,ada@example.org\n".encode("shift_jis"))
    assert lines_of(path, "Shift_JIS") == ("shift_jis", ["東京,ada@example.org"], [])
    for name in ("klingon", "hex", "rot13", "punycode", "unicode_escape", "a\0b"):
        with pytest.raises(UsageError):
            WatchText(path, name)


@pytest.mark.parametrize("stated", ["utf-16", "utf-32"])
@pytest.mark.parametrize("order", ["", "-le", "-be"])
def test_utf_16_and_utf_32_need_no_mark_to_be_stated(tmp_path, stated, order):
    path = tmp_path / "watch.csv"
    path.write_bytes("東京,ada@example.org\n".encode(stated + order))
    assert lines_of(path, stated) == (stated + (order or "-le"), ["東京,ada@example.org"], [])
    path.write_bytes("東京都\n".encode(f"{stated}-le"))
    assert lines_of(path, stated.upper())[1] == ["東京都"]
    path.write_bytes(b"ada@example.org\n")
    assert lines_of(path, stated)[0] == f"{stated}-le"


def test_a_few_undecodable_bytes_leave_a_utf_8_file_utf_8():
    sample = b"\n".join([*["Größe".encode()] * 20, b"Gr\xf6\xdfe", b"\xff"])
    assert encoding_of(sample) == "utf-8"


def test_a_file_without_text_is_nothing_to_read(tmp_path):
    path = tmp_path / "watch.csv"
    for content in (b"", b"\n\r\n \t", b"\0\0\0"):
        path.write_bytes(content)
        with pytest.raises(NothingToRead):
            WatchText(path)
    with pytest.raises(NothingToRead):
        WatchText(tmp_path / "missing.csv")


def test_a_spreadsheet_is_named_and_a_gzip_file_is_opened(tmp_path):
    path = tmp_path / "watch.xlsx"
    path.write_bytes(b"PK\x03\x04 and more")
    with pytest.raises(UnknownContainer):
        WatchText(path)
    path.write_bytes(gzip.compress(b"ada@example.org\n"))
    assert lines_of(path)[1] == ["ada@example.org"]


def test_a_line_without_end_is_dropped_in_bounded_memory(tmp_path):
    path = tmp_path / "watch.txt"
    with path.open("wb") as file:
        file.write(b"first\n")
        for _ in range(64):
            file.write(b"x" * (1 << 20))
        file.write(b"\nlast")
    tracemalloc.start()
    try:
        found = lines_of(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == ("utf-8", ["first", "", "last"], [2])
    assert peak < 40 << 20


def test_a_line_of_the_longest_length_is_kept_and_a_longer_one_is_not(tmp_path):
    path = tmp_path / "watch.txt"
    path.write_text("a" * LONGEST_LINE + "\n" + "b" * (LONGEST_LINE + 1) + "\nc\n")
    _, lines, long = lines_of(path)
    assert [len(line) for line in lines] == [LONGEST_LINE, 0, 1]
    assert long == [2]


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\r\n\ufeff\ufffd"), max_size=30), min_size=1
    ),
    st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]),
)
def test_any_text_comes_back_as_its_lines(tmp_path_factory, lines, encoding):
    path = tmp_path_factory.mktemp("any") / "watch.txt"
    text = "x@example.org\n" + "\n".join(lines)
    path.write_bytes(text.encode(encoding))
    wanted = text.split("\n")
    assert lines_of(path)[1] == (wanted[:-1] if not wanted[-1] else wanted)
