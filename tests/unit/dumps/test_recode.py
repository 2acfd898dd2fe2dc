"""A text in any encoding is read as UTF-8, and every byte of it is traced back."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps import recode
from floodmark.dumps.code_pages import DOUBLE, SINGLE, WIDE, code_page, decoded
from floodmark.dumps.encodings import Encoding, encoding_of
from floodmark.dumps.recode import Recoder

NAMES = ("us-ascii", "utf-8", *WIDE, *DOUBLE, *SINGLE)
SIZES = st.sampled_from([1, 7, 64, 10_000])
LETTERS = {
    "windows-1252": "ab;é\nöß\r€",
    "koi8-r": "абв;\nг\r",
    "gb18030": "中文;a\n国€\r😀é",
    "shift_jis": "日本ｱ;a\n\\",
    "euc-jp": "日本ｱ丂;a\n",
    "euc-kr": "한국a;\n똠\r",
    "big5": "中文a;\n許",
    "utf-8": "aé中😀;\nб\r",
}
PIECES = [
    "Ã©",
    "MÃ¼ller",
    "JosÃƒÂ©",
    "é",
    "a",
    "\n",
    "\r",
    "\r\n",
    ";",
    "日本",
    "Ã\x83",
    "€",
    "😀",
    "Müller;Köln\n",
]
RAW_PIECES = [piece.encode() for piece in PIECES] + [
    *(b"\xff", b"\xfc", b"\xe9", b"\xc3", b"\x00", b"\x81", b"\x81\x30"),
    b"M\xfcller K\xf6ln\n",
]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recode, "BLOCK", 64)
    monkeypatch.setattr(recode, "LONGEST_HELD", 128)


def read_all(
    raw: bytes,
    encoding: Encoding,
    size: int = 10_000,
    start: int = 0,
    source: Callable[[int], bytes] | None = None,
) -> tuple[Recoder, bytes]:
    recoder = Recoder(source or BytesIO(raw).read, encoding, start)
    parts = []
    while part := recoder.read(size):
        assert len(part) <= size
        parts.append(part)
    return recoder, b"".join(parts)


def places(data: bytes, byte: int) -> list[int]:
    return [at + 1 for at, value in enumerate(data) if value == byte]


def assert_traced(recoder: Recoder, text: bytes, raw: bytes) -> None:
    traced = recoder.to_raw(np.arange(len(text) + 1))
    assert traced[-1] == len(raw)
    assert (np.diff(traced) >= 0).all()


@given(st.data(), st.sampled_from(sorted(LETTERS)), SIZES, st.integers(0, 3))
@settings(max_examples=150)
def test_text_comes_out_right_and_every_character_is_traced(
    data: st.DataObject, name: str, size: int, start: int
) -> None:
    name = data.draw(st.sampled_from(WIDE)) if name == "utf-8" and data.draw(st.booleans()) else name
    text = data.draw(st.text(LETTERS.get(name, LETTERS["utf-8"]), max_size=300))
    codec = code_page(name).codec
    raw = text.encode(codec)
    recoder, out = read_all(raw, Encoding(name, False), size, start)
    if any(reason for _, _, reason in recoder.changed(start, start + len(out))):
        return  # a line that is UTF-8 by accident
    assert out == text.encode()
    sizes = [(len(letter.encode()), len(letter.encode(codec))) for letter in text]
    ours, found = np.cumsum([(0, 0), *sizes], axis=0).T + start
    assert recoder.to_raw(ours).tolist() == found.tolist()


@given(st.binary(max_size=400), st.sampled_from(NAMES), SIZES)
@settings(max_examples=150)
def test_any_bytes_in_any_encoding_are_traced(raw: bytes, name: str, size: int) -> None:
    recoder, text = read_all(raw, Encoding(name, False), size)
    assert_traced(recoder, text, raw)
    if name not in WIDE:
        for end in b"\r\n":
            assert recoder.to_raw(np.array(places(text, end), np.int64)).tolist() == places(raw, end)


@given(
    st.lists(st.sampled_from(RAW_PIECES), max_size=60),
    SIZES,
    st.sampled_from([None, "windows-1252", "gb18030"]),
)
@settings(max_examples=150)
def test_lines_of_every_sort_keep_their_number_and_places(
    pieces: list[bytes], size: int, stray: str | None
) -> None:
    raw = b"".join(pieces)
    recoder, text = read_all(raw, Encoding("utf-8", False, stray=stray), size)
    assert_traced(recoder, text, raw)
    for end in b"\r\n":
        assert recoder.to_raw(np.array(places(text, end), np.int64)).tolist() == places(raw, end)
    changed = recoder.changed(0, len(text))
    edges = [edge for start, stop, _ in changed for edge in (start, stop)]
    assert edges == sorted(edges)
    assert all(start < stop for start, stop, _ in changed)


@pytest.mark.parametrize(
    "name", ["utf-8", "utf-16-le", "utf-32-be", "windows-1251", "gb18030", "shift_jis", "euc-jp"]
)
def test_a_text_cut_off_at_any_byte_is_read_to_there(name: str) -> None:
    raw = ("Ольга;東京\r\nMÃ¼ller;1\n" if name not in ("windows-1251",) else "Ольга;1\r\nИван;2\n").encode(
        code_page(name).codec, "replace"
    )
    for cut in range(len(raw)):
        recoder, text = read_all(raw[:cut], Encoding(name, False))
        assert_traced(recoder, text, raw[:cut])


def test_ascii_passes_through_uncopied() -> None:
    block = b"ada;1\n" * 100
    assert Recoder(lambda size: block, Encoding("utf-8", False)).read(600) is block


def test_what_has_no_meaning_is_never_taken_for_utf_8() -> None:
    _, text = read_all(b"K\xf6ln\nM\x81nchen\nBonn\n", Encoding("windows-1252", False))
    first, second, third, _ = text.split(b"\n")
    assert (first.decode(), third) == ("Köln", b"Bonn")
    with pytest.raises(UnicodeDecodeError):
        second.decode()


def test_a_lone_surrogate_of_utf_16_is_never_taken_for_utf_8() -> None:
    raw = "Ada\n".encode("utf-16-le") + b"\x00\xd8" + "x\nBob\n".encode("utf-16-le") + b"y"
    recoder, text = read_all(raw, Encoding("utf-16-le", False))
    lines = text.split(b"\n")
    assert (lines[0], lines[2]) == (b"Ada", b"Bob")
    for line in (lines[1], lines[3]):
        with pytest.raises(UnicodeDecodeError):
            line.decode()
    assert_traced(recoder, text, raw)


def test_nuls_pass_through() -> None:
    for name in ("utf-8", "windows-1252", "utf-16-le"):
        assert read_all("a\0é\n".encode(code_page(name).codec), Encoding(name, False))[1] == "a\0é\n".encode()


def test_lines_of_another_encoding_are_decoded_where_their_neighbours_speak_for_it() -> None:
    raw = "a;Zoë\n".encode() * 3 + b"b;M\xfcller;K\xf6ln\n" * 5 + b"e;Jos\xe9\n"
    recoder, text = read_all(raw, Encoding("utf-8", False, stray="windows-1252"))
    assert text.decode() == "a;Zoë\n" * 3 + "b;Müller;Köln\n" * 5 + "e;José\n"
    changed = recoder.changed(0, len(text))
    assert {reason for _, _, reason in changed} == {"decoded-as-windows-1252"}
    assert [text[start:stop].decode() for start, stop, _ in changed] == ["b;Müller;Köln\n"] * 5 + ["e;José\n"]


def test_the_encoding_of_single_lines_is_learned_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recode, "BLOCK", 1 << 16)
    raw = (
        "a;Zoë\n".encode() * 3
        + b"b;M\xfcller;K\xf6ln;Stra\xdfe\nc;J\xf6rg;L\xfcbeck;Gr\xfcn\nd;B\xe4rbel;F\xfcrth\n"
    )
    _, text = read_all(raw, Encoding("utf-8", False))
    assert text.decode().endswith("b;Müller;Köln;Straße\nc;Jörg;Lübeck;Grün\nd;Bärbel;Fürth\n")


def test_one_damaged_line_is_left_as_it_is() -> None:
    raw = "a;Zoë\n".encode() * 3 + b"b;M\xfcller\n"
    recoder, text = read_all(raw, Encoding("utf-8", False))
    assert (text, recoder.changed(0, len(text))) == (raw, [])


def test_cells_that_were_cut_within_a_character_are_not_decoded_otherwise() -> None:
    raw = "a;Zoë;b\n".encode() * 3 + b"c;M\xc3;d\n" * 50
    recoder, text = read_all(raw, Encoding("utf-8", False, stray="windows-1252"))
    assert (text, recoder.changed(0, len(text))) == (raw, [])


@pytest.mark.parametrize("name", ["windows-1252", "windows-1251", "gb18030", "euc-jp"])
def test_lines_of_utf_8_in_an_older_file_are_taken_as_such(name: str) -> None:
    usual, other = ("東京;日本\n", "中国;東京\n") if name in DOUBLE else ("Ада;1\n", "Ольга;2\n")
    if name == "windows-1252":
        usual, other = "Zoë;1\n", "Müller;2\n"
    raw = usual.encode(code_page(name).codec) + other.encode() + usual.encode(code_page(name).codec)
    recoder, text = read_all(raw, Encoding(name, False))
    assert text.decode() == usual + other + usual
    first = len(usual.encode())
    assert recoder.changed(0, len(text)) == [(first, first + len(other.encode()), "decoded-as-utf-8")]
    assert_traced(recoder, text, raw)


def test_a_chinese_character_that_could_be_a_letter_of_utf_8_stays_chinese() -> None:
    raw = "小\n".encode("gb18030")
    assert raw[:-1].decode() == "\u0421"
    assert read_all(raw, Encoding("gb18030", False))[1].decode() == "小\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_mojibake_is_repaired_line_by_line_with_any_line_end(end: str) -> None:
    lines = ["Ada;1", "MÃ¼ller;2", "Köln;3", "JosÃƒÂ©;4", "x" * 200 + "Ã¼ber;5"]
    raw = "".join(line + end for line in lines).encode()
    recoder, text = read_all(raw, Encoding("utf-8", False), 7)
    assert text.decode().split(end)[:-1] == ["Ada;1", "Müller;2", "Köln;3", "José;4", "x" * 200 + "über;5"]
    changed = recoder.changed(0, len(text))
    assert [reason for _, _, reason in changed] == ["mojibake-repaired"] * 3
    starts = [start for start, _, _ in changed]
    assert [text[start : start + 5] for start in starts] == ["Mülle".encode()[:5], b"Jos\xc3\xa9", b"xxxxx"]
    assert_traced(recoder, text, raw)


def test_changes_are_those_of_the_stretch_that_is_asked_for() -> None:
    raw = "Ada\nMÃ¼ller\nBob\nGrÃ¼n\n".encode()
    recoder, text = read_all(raw, Encoding("utf-8", False))
    at = text.index(b"Bob")
    assert [text[start:stop].decode() for start, stop, _ in recoder.changed(0, at)] == ["Müller\n"]
    assert [text[start:stop].decode() for start, stop, _ in recoder.changed(at, len(text))] == ["Grün\n"]


def test_what_was_forgotten_does_not_disturb_what_follows() -> None:
    raw = "Ольга;1\n".encode("koi8-r") * 100
    recoder, text = read_all(raw, Encoding("koi8-r", False))
    line = len("Ольга;1\n".encode())
    recoder.forget(50 * line)
    assert recoder.to_raw(np.array([50 * line, 99 * line, len(text)])).tolist() == [400, 792, 800]


@pytest.mark.parametrize("name", ["utf-8", "windows-1252", "gb18030", "utf-16-le"])
def test_a_line_without_an_end_is_read_in_bounded_memory(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.undo()
    page = code_page(name)
    piece = ("é" * 1000 + "Ã¼").encode(page.codec, "replace")[:-1]
    left = 200

    def endless(size: int) -> bytes:
        nonlocal left
        left -= 1
        return piece * 40 if left >= 0 else b""

    recoder = Recoder(endless, Encoding(name, False))
    total = 0
    tracemalloc.start()
    try:
        while part := recoder.read(1 << 20):
            total += len(part)
            recoder.forget(total)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total > 8_000_000
    assert peak < 48_000_000
    assert recoder.to_raw(np.array([total])).tolist() == [200 * 40 * len(piece)]


def test_others_may_ask_while_one_thread_reads() -> None:
    line = "Ольга;1\n"
    raw = line.encode("koi8-r") * 2000
    recoder = Recoder(BytesIO(raw).read, Encoding("koi8-r", False))
    done = 0

    def traced(end: int) -> bool:
        return recoder.to_raw(np.array([end])).tolist() == [end // len(line.encode()) * len(line)]

    with ThreadPoolExecutor(2) as pool:
        waiting = []
        while part := recoder.read(1300):
            done += len(part)
            waiting.append(pool.submit(traced, done - done % len(line.encode())))
        assert all(future.result() for future in waiting)


@pytest.mark.parametrize("name", [*DOUBLE, *SINGLE])
def test_every_character_has_the_size_that_it_had(name: str) -> None:
    page = code_page(name)
    raw = bytes(range(1, 256)) if page.family == "single" else every_pair(page.codec)
    recoder, text = read_all(raw.replace(b"\r", b"\n"), Encoding(name, False))
    letters = decoded(raw.replace(b"\r", b"\n"), page)
    assert text == letters.encode("utf-8", "surrogatepass")
    assert_traced(recoder, text, raw)


def every_pair(codec: str) -> bytes:
    """All characters of two bytes, in lines."""
    lines = []
    for lead in range(0x81, 0xFF):
        good = [bytes([lead, trail]) for trail in range(0x30, 0xFF) if is_one(bytes([lead, trail]), codec)]
        lines.append(b"".join(good))
    return b"\n".join(lines) + b"\n"


def is_one(raw: bytes, codec: str) -> bool:
    try:
        return len(raw.decode(codec)) == 1
    except UnicodeDecodeError:
        return False


def test_every_old_line_that_ends_in_a_usual_last_letter_is_decoded_and_no_cut_one() -> None:
    names = ["Groß", "André"]
    lines = [f"{at},{names[at // 10 % 2]}\n" for at in range(967)]
    raw = [line.encode("utf-8" if at % 10 else "cp1252") for at, line in enumerate(lines)]
    raw[5::100] = [b"5,M\xc3;\n"] * len(raw[5::100])
    recoder, text = read_all(b"".join(raw), encoding_of(b"".join(raw)))
    reasons = {reason for *_, reason in recoder.changed(0, len(text))}
    assert len(recoder.changed(0, len(text))) == 97
    assert reasons == {"decoded-as-windows-1252"}
    assert text.count(b"M\xc3;") == 10
    assert_traced(recoder, text, b"".join(raw))
