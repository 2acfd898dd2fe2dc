"""Telling the encoding of a text."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.encodings import Encoding, encoding_of
from floodmark.errors import UnknownContainer, UnknownEncoding

GERMAN = "Müller;Grüße aus Köln;schöne Straße\n" * 20
RUSSIAN = "Иванова;Новосибирск;учительница начальных классов\n" * 20


def test_plain_ascii_is_named_as_such() -> None:
    assert encoding_of(b"a,b\r\n1,2\r\n") == Encoding("us-ascii", False)


@pytest.mark.parametrize("text", [GERMAN, RUSSIAN, "名前,電話\n", "😀:a\n"])
def test_utf_8_is_utf_8_with_and_without_a_mark(text: str) -> None:
    found = encoding_of(text.encode())
    assert (found.name, found.bom) == ("utf-8", False)
    assert encoding_of(codecs.BOM_UTF8 + text.encode()) == Encoding("utf-8", True)


def test_ascii_after_a_mark_is_utf_8() -> None:
    assert encoding_of(codecs.BOM_UTF8 + b"a,b\n") == Encoding("utf-8", True)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])), min_size=1))
def test_whatever_python_writes_as_utf_8_is_readable(lines: list[str]) -> None:
    assert encoding_of("\n".join(lines).encode()).name in {"utf-8", "us-ascii"}


WIDE = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]


@pytest.mark.parametrize("name", WIDE)
def test_wide_encodings_are_told_by_their_mark(name: str) -> None:
    found = encoding_of(("\ufeff" + GERMAN).encode(name))
    assert (found.name, found.bom, found.bom_size) == (name, True, len("\ufeff".encode(name)))


@pytest.mark.parametrize("name", WIDE)
def test_wide_encodings_without_a_mark_are_told_by_their_zeros(name: str) -> None:
    found = encoding_of("phone,name,town\n12025550100,Ada,Leeds\n".encode(name))
    assert (found.name, found.bom_size) == (name, 0)


def test_western_text_of_eight_bits_is_told() -> None:
    assert encoding_of(GERMAN.encode("cp1252")).name in {"windows-1252", "windows-1250", "iso-8859-2"}


def test_one_line_of_eight_bits_is_not_read_as_utf_8() -> None:
    assert encoding_of("Müller;Köln;Grüße".encode("cp1252")).name != "utf-8"


def test_a_few_damaged_lines_leave_a_text_utf_8() -> None:
    lines = ["plain"] * 100 + ["Köln"] * 20
    text = "\n".join(lines).encode() + b"\n\xff\xfe broken\nbroken \xc3\n"
    assert encoding_of(text).name == "utf-8"


def test_damage_in_a_file_of_good_non_ascii_lines_leaves_it_utf_8() -> None:
    assert encoding_of("Köln\n".encode() * 30 + b"K\xf6ln\n" * 20).name == "utf-8"


def test_a_character_cut_in_half_where_the_sample_ends_changes_nothing() -> None:
    text = RUSSIAN.encode()
    assert {encoding_of(text[:-cut]).name for cut in range(1, 40)} == {"utf-8"}


@pytest.mark.parametrize("noise", [bytes(range(256)) * 40, bytes([0, 7, 8, 200]) * 300])
def test_bytes_that_are_no_text_are_refused(noise: bytes) -> None:
    with pytest.raises((UnknownContainer, UnknownEncoding)):
        encoding_of(noise)


def test_controls_that_separate_cells_do_not_make_a_text_binary() -> None:
    assert encoding_of(b"a\x01b\x02c\x1fd\x1ee\n" * 10).name == "us-ascii"


@pytest.mark.parametrize("name", WIDE)
@pytest.mark.parametrize("text", [RUSSIAN, "王伟,13800138000\n李娜,13900139000\n", "محمد;+20 100;1985\n"])
def test_wide_encodings_of_other_scripts_are_told_by_their_line_ends_and_digits(text: str, name: str) -> None:
    assert encoding_of(text.encode(name)).name == name


def test_nuls_between_the_cells_of_a_text_do_not_make_it_wide() -> None:
    assert encoding_of(b"ada\0lovelace\0london\n" * 50).name == "us-ascii"


def test_other_encodings_that_a_text_could_be_in_are_listed_by_confidence() -> None:
    found = encoding_of("Ольга;Новосибирск\nИгорь;Тверь\n".encode("cp1251") * 3)
    confidences = [found.confidence, *(confidence for _, confidence in found.alternatives)]
    assert found.name == "windows-1251"
    assert confidences == sorted(confidences, reverse=True)


def test_utf_8_is_surer_the_more_words_show_it() -> None:
    words = ["Zoë", "Müller", "José", "Grün", "Čapek", "Łódź"]
    few, many = (encoding_of(";".join(words[:count]).encode()).confidence for count in (1, 6))
    assert 0.5 < few < many <= 1
    assert encoding_of(b"\n".join([b"\xc3\xa9"] * 9)).confidence == encoding_of(b"\xc3\xa9").confidence


def test_one_line_of_many_words_is_as_sure_as_many_lines() -> None:
    names = ", ".join(f'{{"name": "Ren{letter}ée"}}' for letter in "abcdefghijklmnopqrst" * 20)
    assert encoding_of(f"[{names}]".encode()).confidence > 0.999
    damaged = encoding_of(f"[{names}]".encode() + b"\xff\xfe")
    assert damaged.name == "utf-8"
    assert damaged.confidence > 0.9


def test_a_mostly_ascii_file_of_a_few_old_lines_is_in_the_old_encoding() -> None:
    text = "Anna;Rossi\n" * 500 + "Niccolò;Pietà\nLoredana;Così\nSimón;Peña\nZoë;Müller\nJosé;Garçon\n"
    assert encoding_of(text.encode("cp1252")).name == "windows-1252"


def test_lines_of_another_encoding_in_a_utf_8_file_are_named() -> None:
    text = "Jörg;Köln\n".encode() * 50 + "Müller;Lübeck\nGrün;Fürth\nBärbel;Görlitz\nSöhne;Größe\n".encode(
        "cp1252"
    )
    found = encoding_of(text)
    assert (found.name, found.stray) == ("utf-8", "windows-1252")


def test_cut_characters_in_a_utf_8_file_name_no_other_encoding() -> None:
    found = encoding_of("Jörg;Köln\n".encode() * 50 + b"M\xc3;x\nSch\xc3;y\nGr\xc3;z\nK\xc3;k\n")
    assert (found.name, found.stray) == ("utf-8", None)


def test_old_lines_that_end_in_a_usual_last_letter_name_their_encoding() -> None:
    lines = [f"{at},{'Groß' if at % 20 else 'André'},Ulm\n" for at in range(967)]
    text = b"".join(line.encode("utf-8" if at % 10 else "cp1252") for at, line in enumerate(lines))
    found = encoding_of(text)
    assert (found.name, found.stray) == ("utf-8", "windows-1252")


@given(st.binary(max_size=300))
def test_any_bytes_have_an_encoding_or_a_clear_refusal(data: bytes) -> None:
    try:
        found = encoding_of(data)
    except (UnknownContainer, UnknownEncoding):
        return
    assert 0 <= found.confidence <= 1
    assert found.bom_size in (0, 2, 3, 4)


def test_a_few_broken_numbers_are_damage_and_no_encoding() -> None:
    lines = [b"4915112345%03d" % n for n in range(600)]
    lines[::20] = [b"49151\xc0\xaf\xe9345%03d" % n for n in range(30)]
    assert encoding_of(b"\n".join(lines)).name == "utf-8"


@pytest.mark.parametrize("broken", [b"\xc0\xaf\xe9", b"\xed\xa0\x80", b"\xe9\xe8\xff"])
def test_a_few_lines_of_broken_utf_8_are_damage_and_no_encoding(broken: bytes) -> None:
    lines = [b"ada%03d@quint.example:secret" % n for n in range(2000)]
    lines[::50] = [b"ada%s%03d@quint.example:sec%sret" % (broken, n, broken) for n in range(40)]
    assert encoding_of(b"\n".join(lines)).name == "utf-8"


def test_a_long_run_of_letters_is_looked_at_once() -> None:
    lines = [b"%d;Zo\xeb" % n for n in range(100)]
    assert encoding_of(b"\n".join([*lines, b"x" * 4_000_000])).name == "windows-1252"
