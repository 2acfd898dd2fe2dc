"""Nothing of a line can act on a terminal or hide from a reader."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.hazmat import escaped

ESCAPE = re.compile(r"\\(\\|[tnr]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})", re.DOTALL)
SHORT = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}


def read_back(shown: str) -> bytes:
    """The bytes of UTF-8 text that were shown like this."""
    found, at = b"", 0
    for match in ESCAPE.finditer(shown):
        found += shown[at : match.start()].encode()
        code = match[1]
        if code in SHORT:
            found += SHORT[code].encode()
        elif code[0] == "x":
            found += bytes([int(code[1:], 16)])
        else:
            found += chr(int(code[1:], 16)).encode()
        at = match.end()
    return found + shown[at:].encode()


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))
def test_what_is_shown_can_be_read_back_and_no_character_of_it_is_hidden(data: bytes) -> None:
    shown = escaped(data, "utf-8")
    assert all(character.isprintable() for character in shown)
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert read_back(shown) == data


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;owned\x07", r"\x1b]0;owned\x07"),
        ("\x9b31m", r"\u009b31m"),
        ("a\u202egpj.exe", r"a\u202egpj.exe"),
        ("\u2066\u2069\u200b\ufeff", r"\u2066\u2069\u200b\ufeff"),
        ("no\u00a0break", r"no\u00a0break"),
        ("C:\\new", r"C:\\new"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_controls_bidirectional_marks_and_blanks_of_other_kinds_are_written_out(
    text: str, shown: str
) -> None:
    assert escaped(text.encode(), "utf-8") == shown


def test_letters_of_every_script_are_shown_as_they_are() -> None:
    text = "Zoë Мария 王伟 محمد यूसुफ़ José"
    assert escaped(text.encode(), "utf-8") == text


def test_accents_heaped_on_a_letter_are_written_out_from_the_fifth_on() -> None:
    shown = escaped(("e" + "\u0301" * 20).encode(), "utf-8")
    assert shown == "e" + "\u0301" * 4 + r"\u0301" * 16


@pytest.mark.parametrize(
    "codec", ["utf-16-le", "utf-16-be", "utf-32-le", "cp1252", "gb18030", "cp932", "ascii"]
)
@given(data=st.binary(max_size=60))
def test_no_bytes_are_too_odd_for_any_encoding(codec: str, data: bytes) -> None:
    assert escaped(data, codec).isprintable()


def test_a_line_in_another_encoding_is_read_in_it() -> None:
    assert escaped("Zoë\t7".encode("utf-16-le"), "utf-16-le") == r"Zoë\t7"
    assert escaped("Мария".encode("koi8-r"), "koi8-r") == "Мария"
