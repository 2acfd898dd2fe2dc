"""Names of encodings, and what is read by them."""

from __future__ import annotations

import pytest

from floodmark.dumps.code_pages import DOUBLE, SINGLE, WIDE, code_page, decoded
from floodmark.dumps.encodings import Encoding
from floodmark.dumps.overrides import Overrides
from floodmark.errors import UnknownEncoding, UsageError


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("UTF8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("ascii", "us-ascii"),
        ("US-ASCII", "us-ascii"),
        ("cp1252", "windows-1252"),
        ("Windows-1251", "windows-1251"),
        ("latin1", "iso-8859-1"),
        ("ISO_8859-2", "iso-8859-2"),
        ("iso-8859-9", "windows-1254"),
        ("cp874", "windows-874"),
        ("gb2312", "gb18030"),
        ("cp936", "gb18030"),
        ("Shift-JIS", "shift_jis"),
        ("cp932", "shift_jis"),
        ("euc_kr", "euc-kr"),
        ("cp949", "euc-kr"),
        ("big5", "big5"),
        ("cp866", "ibm866"),
        ("mac-roman", "macintosh"),
        ("utf_16_le", "utf-16-le"),
        ("UTF-16BE", "utf-16-be"),
    ],
)
def test_an_encoding_goes_by_every_usual_name(said: str, meant: str) -> None:
    assert code_page(said).name == meant
    assert Overrides(encoding=said).encoding == said


@pytest.mark.parametrize("name", [*SINGLE, *DOUBLE, *WIDE])
def test_every_encoding_goes_by_its_own_name_and_its_codec_s(name: str) -> None:
    assert code_page(name).name == name
    assert code_page(code_page(name).codec).name == name


@pytest.mark.parametrize("name", [*SINGLE, *DOUBLE])
def test_ascii_is_the_same_in_all_encodings_of_bytes(name: str) -> None:
    text = bytes(range(128))
    assert decoded(text, code_page(name)) == text.decode()


@pytest.mark.parametrize("name", ["hz", "utf-7", "iso2022_jp", "cp037", "rot13", "punycode"])
def test_encodings_that_are_not_read_are_refused(name: str) -> None:
    with pytest.raises(UnknownEncoding):
        Overrides(encoding=name)


@pytest.mark.parametrize("name", ["", "klingon", "\0", "utf-8\n; rm", "é" * 5000])
def test_what_is_no_name_is_refused_without_being_repeated(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        Overrides(encoding=name)
    assert caught.value.message == "There is no such encoding"


@pytest.mark.parametrize(
    ("said", "sample", "expected"),
    [
        ("utf-16", b"\xff\xfea\0", ("utf-16-le", 2)),
        ("utf-16", b"\xfe\xff\0a", ("utf-16-be", 2)),
        ("UTF_16", "ada;1\nbob;2\n".encode("utf-16-be"), ("utf-16-be", 0)),
        ("utf-16", b"", ("utf-16-le", 0)),
        ("utf-32", "ada;1\n".encode("utf-32"), ("utf-32-le", 4)),
        ("utf-8", b"\xef\xbb\xbfada", ("utf-8", 3)),
        ("utf-16-le", b"\xff\xfea\0", ("utf-16-le", 2)),
        ("windows-1252", b"\xef\xbb\xbfada", ("windows-1252", 0)),
    ],
)
def test_a_stated_encoding_takes_its_order_and_its_mark_from_the_text(
    said: str, sample: bytes, expected: tuple[str, int]
) -> None:
    stated = Encoding.stated(said, sample)
    assert (stated.name, stated.bom_size) == expected
